#!/usr/bin/env bash
# @databases/pg warns of a parameter of a URL that it does not know. It knows "options" and "connect_timeout", and passes neither
# on: no warning, and no "options" in the start-up message, so a setting of the session is lost. A "/" in a value, as the path
# of a certificate has it, must be percent-encoded. Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @databases/pg@6.1.0 > /dev/null
cat > main.js <<'JS'
const createPool = require("@databases/pg");
const { createServer } = require("node:net");

const warnings = [];
console.warn = (line) => warnings.push(line);
const open = (port, parameters) =>
  createPool({
    bigIntMode: "number",
    connectionString: `postgresql://user:password@127.0.0.1:${port}/orders?sslmode=disable&${parameters}`,
    onError() {},
  });
const server = createServer((socket) => {
  socket.once("data", (startup) => {
    const fields = startup.subarray(8).toString().split("\0");
    console.log(fields.filter((field) => ["application_name", "options", "statement_timeout"].includes(field)).join());
    socket.destroy();
    server.close();
  });
});
server.listen(0, "127.0.0.1", async () => {
  const parameters = "application_name=orders&options=-c%20a.b%3Dc&connect_timeout=5&statement_timeout=5s";
  const pool = open(server.address().port, parameters);
  await pool.query(createPool.sql`SELECT 1`).catch(() => {});
  await pool.dispose().catch(() => {});
  console.log(warnings.join());
  try {
    open(1, "sslrootcert=/path/ca.crt");
  } catch (error) {
    console.log(error.message.split(".")[0]);
  }
});
JS
seen=$(node main.js)
echo "@databases/pg 6.1.0, fields that are sent, warnings, an unencoded path:"
echo "$seen"
[ "$seen" = 'application_name
Warning: Ignoring unrecognised option in connection string: statement_timeout
Unexpected character "/"' ]
