// Connects once with a URL and prints which database it is in: connect <driver> < parts as JSON.
package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"os"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/lib/pq"
)

func main() {
	var parts struct {
		URL string `json:"url"`
	}
	var database string
	err := json.NewDecoder(os.Stdin).Decode(&parts)
	if err == nil {
		var connections *sql.DB
		connections, err = sql.Open(os.Args[1], parts.URL)
		if err == nil {
			err = connections.QueryRow("select current_database()").Scan(&database)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(database)
}
