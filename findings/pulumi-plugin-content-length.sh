#!/usr/bin/env bash
# The engine refuses a plugin from a server that sends no Content-Length, as with chunked encoding, after it has received all
# of it: "expected -1 bytes". Needs Go and the Go module proxy. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'MOD'
module finding

go 1.25.0

require (
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
)
MOD
cat > main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"time"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
)

func download(withLength bool) error {
	const tarball = "bytes of a tarball"
	server := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, _ *http.Request) {
		if withLength {
			response.Header().Set("Content-Length", strconv.Itoa(len(tarball)))
		}
		io.WriteString(response, tarball)
		response.(http.Flusher).Flush()
	}))
	defer server.Close()
	version := semver.MustParse("1.0.0")
	shop := workspace.PluginDescriptor{
		Name: "shop", Kind: apitype.ResourcePlugin, Version: &version, PluginDownloadURL: server.URL,
	}
	file, err := workspace.DownloadToFile(context.Background(), shop,
		func(stream io.ReadCloser, _ int64) io.ReadCloser { return stream },
		func(error, int, int, time.Duration) {})
	if err == nil {
		os.Remove(file.Name())
	}
	return err
}

func main() {
	fmt.Println("with Content-Length:", download(true))
	fmt.Println("without:", download(false))
}
GO
seen=$(GOFLAGS=-mod=mod go run . 2> /dev/null)
echo "github.com/pulumi/pulumi/sdk/v3 v3.259.0 downloads a plugin of 18 bytes"
echo "$seen"
[ "$seen" = 'with Content-Length: <nil>
without: failed to download plugin: shop-1.0.0: expected -1 bytes but copied 18 when downloading plugin shop-1.0.0' ]
