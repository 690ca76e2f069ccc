#!/usr/bin/env bash
# A session setting in a URL, "statement_timeout=5s", is five seconds for postgres.js, which sends it as it is, and five
# milliseconds for pg, which cuts the unit off: PostgreSQL and CockroachDB take a number alone for milliseconds.
# Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund pg@8.23.1 postgres@3.4.9 > /dev/null
cat > main.cjs <<'JS'
const { createServer } = require("node:net");
const { Client } = require("pg");
const postgres = require("postgres");

let started;
const server = createServer((socket) => {
  socket.on("error", () => undefined);
  socket.once("data", (startup) => {
    const words = startup.toString("utf8", 8).split("\0");
    started(words[words.indexOf("statement_timeout") + 1]);
    socket.destroy();
  });
});
server.listen(0, "127.0.0.1", async () => {
  const url = `postgresql://user:password@127.0.0.1:${server.address().port}/db?statement_timeout=5s`;
  const ofPg = new Promise((resolve) => (started = resolve));
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  client.connect().catch(() => undefined);
  console.log(`pg sends ${await ofPg}`);
  const ofPostgres = new Promise((resolve) => (started = resolve));
  const sql = postgres(url, { max: 1 });
  sql`select 1`.catch(() => undefined);
  console.log(`postgres sends ${await ofPostgres}`);
  process.exit();
});
JS
seen=$(node main.cjs)
echo "pg 8.23.1, postgres 3.4.9, statement_timeout=5s in a URL:"
echo "$seen"
[ "$seen" = "pg sends 5
postgres sends 5s" ]
