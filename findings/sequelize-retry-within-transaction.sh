#!/usr/bin/env bash
# Sequelize's option "retry" compares its patterns with the text of an error and not with the SQLSTATE, so that a match of
# "40001" retries nothing; and one that matches the text sends the failed statement alone again, in the transaction that
# the server has ended, and does not run the function of the transaction again.
# Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund sequelize@6.37.8 pg@8.23.1 > /dev/null
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
const { Sequelize } = require("sequelize");
const { serve } = require("./server.cjs");
(async () => {
  for (const match of ["40001", "restart transaction"]) {
    const { port, statements } = await serve("UPDATE", "40001");
    const database = new Sequelize(`postgres://user:password@127.0.0.1:${port}/db`, {
      logging: false,
      databaseVersion: "13.0.0",
      retry: { max: 3, match: [match] },
    });
    let runs = 0;
    const outcome = await database
      .transaction(async (transaction) => {
        runs++;
        await database.query("UPDATE accounts SET balance = balance - 10", { transaction });
        return "committed";
      })
      .catch((error) => `failed with ${error.parent.code}`);
    const seen = statements.slice(statements.indexOf("START TRANSACTION;")).map((sql) => sql.split(/\W/)[0]);
    console.log(`match "${match}": ${seen.join(" ")}, the function ran ${runs} time(s), ${outcome}`);
  }
  process.exit();
})();
JS
seen=$(node main.cjs)
echo "sequelize 6.37.8, pg 8.23.1, the first UPDATE ends with 40001 and the text \"restart transaction\":"
echo "$seen"
[ "$seen" = 'match "40001": START UPDATE ROLLBACK, the function ran 1 time(s), failed with 40001
match "restart transaction": START UPDATE UPDATE COMMIT, the function ran 1 time(s), committed' ]
