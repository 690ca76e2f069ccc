#!/usr/bin/env bash
# TypeORM's "cockroachdb" retries after a serialization failure (40001) by itself, but does not run the function of the
# transaction again: it sends the statements that it has recorded once more, with the parameters that the function computed
# from rows read before. What another transaction wrote in between is overwritten, and nothing reports it.
# Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund --legacy-peer-deps typeorm@1.1.1 pg@8.23.1 reflect-metadata@0.2.2 > /dev/null
cat > server.cjs <<'JS'
// A server of the PostgreSQL protocol that keeps all statements and lets each succeed, but the first that begins with
// `failing`: that one gets the SQLSTATE `code`.
const { createServer } = require("node:net");
const text = (word) => Buffer.from(`${word}\0`);
const short = (number) => Buffer.from([number >> 8, number & 255]);
const long = (number) => Buffer.from([0, 0, ...short(number)]);
const message = (type, ...parts) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), long(body.length + 4), body]);
};
const ready = message("Z", Buffer.from("I"));
const column = message("T", short(1), text("balance"), long(0), short(0), long(23), short(4), long(0), short(0));
const row = message("D", short(1), long(3), Buffer.from("100"));
exports.serve = async (failing, code) => {
  const statements = [];
  let hasFailed = false;
  const run = (sql) => {
    statements.push(sql);
    if (!hasFailed && sql.startsWith(failing)) {
      hasFailed = true;
      return message("E", ...["SERROR", `C${code}`, "Mrestart transaction", ""].map(text));
    }
    const word = sql.split(/\s/)[0];
    return Buffer.concat([...(word === "SELECT" ? [row] : []), message("C", text(`${word} 1`))]);
  };
  const server = createServer((socket) => {
    let pending = Buffer.alloc(0);
    let isStarted = false;
    let sql = "";
    const respond = (type, body) => {
      if (type === "Q") {
        sql = body.toString("utf8", 0, body.length - 1).trim();
        return Buffer.concat([...(sql.startsWith("SELECT") ? [column] : []), run(sql), ready]);
      }
      if (type === "P") {
        const name = body.indexOf(0) + 1;
        sql = body.toString("utf8", name, body.indexOf(0, name)).trim();
        return message("1");
      }
      if (type === "B") return message("2");
      if (type === "D") return sql.startsWith("SELECT") ? column : message("n");
      if (type === "E") return run(sql);
      return type === "S" ? ready : Buffer.alloc(0);
    };
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      pending = Buffer.concat([pending, data]);
      for (;;) {
        const start = isStarted ? 1 : 0;
        if (pending.length < start + 4) return;
        const end = start + pending.readInt32BE(start);
        if (pending.length < end) return;
        const body = pending.subarray(start + 4, end);
        const type = String.fromCharCode(pending[0]);
        pending = pending.subarray(end);
        socket.write(isStarted ? respond(type, body) : Buffer.concat([message("R", long(0)), ready]));
        isStarted = true;
      }
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port, statements };
};
JS
cat > main.cjs <<'JS'
require("reflect-metadata");
const { DataSource } = require("typeorm");
const { serve } = require("./server.cjs");
(async () => {
  const { port, statements } = await serve("UPDATE", "40001");
  const source = new DataSource({
    type: "cockroachdb",
    host: "127.0.0.1",
    port,
    username: "user",
    password: "password",
    database: "db",
  });
  await source.driver.connect();
  let runs = 0;
  await source.transaction(async (manager) => {
    runs++;
    const [{ balance }] = await manager.query("SELECT balance FROM accounts");
    await manager.query(`UPDATE accounts SET balance = $1`, [balance - 10]);
  });
  console.log(`the function ran ${runs === 1 ? "once" : `${runs} times`}`);
  console.log(statements.slice(statements.indexOf("START TRANSACTION")).join("; "));
  process.exit();
})();
JS
seen=$(node main.cjs)
echo "typeorm 1.1.1, pg 8.23.1, the first UPDATE ends with 40001:"
echo "$seen"
[ "$seen" = 'the function ran once
START TRANSACTION; SAVEPOINT cockroach_restart; SELECT balance FROM accounts; UPDATE accounts SET balance = $1; ROLLBACK TO SAVEPOINT cockroach_restart; SELECT balance FROM accounts; UPDATE accounts SET balance = $1; RELEASE SAVEPOINT cockroach_restart; COMMIT' ]
