#!/usr/bin/env bash
# node-postgres takes "sslrootcert=system", which has meant the trusted certificates of the system since libpq 16, for
# the name of a file, and opens it as soon as the client is made, before any connection.
# Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund pg@8.23.1 > /dev/null
cat > main.cjs <<'JS'
const { Client } = require("pg");
try {
  new Client("postgresql://user:password@localhost/db?sslmode=verify-full&sslrootcert=system");
  console.log("accepted");
} catch (error) {
  console.log(error.message);
}
JS
seen=$(node main.cjs)
echo "pg 8.23.1: $seen"
[ "$seen" = "ENOENT: no such file or directory, open 'system'" ]
