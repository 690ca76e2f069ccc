#!/usr/bin/env bash
# postgres.js does not read the server's response to its request for TLS: where the server responds "N", it has none,
# the driver begins the TLS handshake all the same, and reports a broken connection. pg says that the server does not
# support SSL connections. Needs Node.js and npm. Exits non-zero when a version behaves in another way.
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

let next = [];
const server = createServer((socket) => {
  socket.on("error", () => undefined);
  socket.once("data", () => {
    socket.write("N");
    socket.on("data", (data) => {
      next.push(data[0] === 0x16 ? "a TLS handshake" : "something else");
      socket.destroy();
    });
  });
});
server.listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  const url = `postgresql://user:password@127.0.0.1:${port}/db?sslmode=verify-full`;
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  const ofPg = await client.connect().catch((error) => error.message);
  console.log(`pg sends ${next.join() || "nothing"}: ${ofPg}`);
  next = [];
  const sql = postgres(url, { max: 1 });
  const ofPostgres = await sql`select 1`.catch((error) => error.code);
  console.log(`postgres sends ${next.join() || "nothing"}: ${ofPostgres}`);
  await sql.end({ timeout: 0 });
  server.close();
});
JS
seen=$(node main.cjs)
echo "pg 8.23.1, postgres 3.4.9, to a server that responds N:"
echo "$seen"
grep -q "^pg sends nothing: The server does not support SSL connections$" <<< "$seen"
grep -q "^postgres sends a TLS handshake: " <<< "$seen"
