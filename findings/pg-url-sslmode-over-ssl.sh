#!/usr/bin/env bash
# An sslmode in the URL takes the option "ssl" from pg: a client with sslmode=verify-full and ssl: { ca } has no ca, and does
# not trust the server whose certificate it was given. In postgres.js the option wins over the URL.
# Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund pg@8.23.1 postgres@3.4.9 > /dev/null
cat > main.cjs <<'JS'
const { Client } = require("pg");
const postgres = require("postgres");
const url = "postgresql://user:password@localhost/db";
const ssl = { ca: "the root certificate" };
for (const parameters of ["", "?sslmode=verify-full"]) {
  const ofPg = new Client({ connectionString: `${url}${parameters}`, ssl }).ssl;
  const ofPostgres = postgres(`${url}${parameters}`, { ssl }).options.ssl;
  console.log(`"${parameters}" pg ${JSON.stringify(ofPg)} postgres ${JSON.stringify(ofPostgres)}`);
}
JS
seen=$(node main.cjs)
echo "pg 8.23.1, postgres 3.4.9, the option ssl: { ca } beside a URL:"
echo "$seen"
[ "$seen" = '"" pg {"ca":"the root certificate"} postgres {"ca":"the root certificate"}
"?sslmode=verify-full" pg {} postgres {"ca":"the root certificate"}' ]
