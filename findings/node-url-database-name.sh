#!/usr/bin/env bash
# A database name that is percent-encoded in a URL, as libpq reads it, is another name in each driver of Node.js:
# pg decodes the space and leaves the encoded "/" as it is, postgres.js and Sequelize decode nothing, though all three
# decode user and password. Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund pg@8.23.1 postgres@3.4.9 sequelize@6.37.8 > /dev/null
cat > main.cjs <<'JS'
const url = "postgresql://a%40b:p%2Fw@localhost:26257/my%20db%2Fold";
const { Client } = require("pg");
const postgres = require("postgres");
const { Sequelize } = require("sequelize");
const ofPg = new Client({ connectionString: url });
const ofPostgres = postgres(url).options;
const ofSequelize = new Sequelize(url, { logging: false }).config;
console.log(JSON.stringify([ofPg.user, ofPg.password, ofPg.database]));
console.log(JSON.stringify([ofPostgres.user, ofPostgres.pass, ofPostgres.database]));
console.log(JSON.stringify([ofSequelize.username, ofSequelize.password, ofSequelize.database]));
JS
seen=$(node main.cjs)
echo "pg 8.23.1, postgres 3.4.9, sequelize 6.37.8 (user, password, database):"
echo "$seen"
[ "$seen" = '["a@b","p/w","my db%2Fold"]
["a@b","p/w","my%20db%2Fold"]
["a@b","p/w","my%20db%2Fold"]' ]
