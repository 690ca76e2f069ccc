#!/usr/bin/env bash
# Slonik runs a transaction again not only after a serialization failure (40001) but after every SQLSTATE of class 40. One of
# them is 40003, statement completion unknown, with which CockroachDB reports a COMMIT that may have been applied: what the
# transaction does is then done twice. Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund slonik@47.3.2 zod@3.25.76 > /dev/null
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
const { serve } = require("./server.cjs");
(async () => {
  const { createPool, sql } = await import("slonik");
  for (const code of ["40001", "40003"]) {
    const { port, statements } = await serve("COMMIT", code);
    const pool = await createPool(`postgresql://user:password@127.0.0.1:${port}/db`, { typeParsers: [] });
    await pool.transaction((connection) => connection.query(sql.unsafe`UPDATE accounts SET balance = balance - 10`));
    const seen = statements.filter((sql) => /^(UPDATE|COMMIT)/.test(sql)).map((sql) => sql.split(" ")[0]);
    console.log(`${code}: ${seen.join(" ")}`);
  }
  process.exit();
})();
JS
seen=$(node main.cjs)
echo "slonik 47.3.2, the first COMMIT ends with 40001, and with 40003:"
echo "$seen"
[ "$seen" = "40001: UPDATE COMMIT UPDATE COMMIT
40003: UPDATE COMMIT UPDATE COMMIT" ]
