#!/usr/bin/env bash
# db-migrate reads a URL in its own way: a password ends at its first colon, also at an encoded one; the name of the database
# stays encoded; and a parameter becomes a setting of the same name, of which pg knows no "sslmode". Where the environment has
# a DATABASE_URL, it wins over the host and database that the configuration names.
# Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund db-migrate@0.11.14 db-migrate-pg@1.5.2 > /dev/null
cat > main.cjs <<'JS'
const { getInstance } = require("db-migrate");
const settingsOf = (dev) => getInstance(true, { config: { dev }, throwUncatched: true }).config.getCurrent().settings;
delete process.env.DATABASE_URL;
const { user, password, database, sslmode, ssl } = settingsOf("postgresql://a%40b:p%3Aw@localhost:26257/my%20db?sslmode=verify-full");
console.log(JSON.stringify({ user, password, database, sslmode, ssl }));
process.env.DATABASE_URL = "postgresql://user:password@staging/staging";
const named = settingsOf({ driver: "pg", host: "production", database: "orders" });
console.log(named.host, named.database);
JS
seen=$(node main.cjs)
echo "db-migrate 0.11.14, a URL, and a configuration beside DATABASE_URL:"
echo "$seen"
[ "$seen" = '{"user":"a@b","password":"p","database":"my%20db","sslmode":"verify-full"}
staging staging' ]
