#!/usr/bin/env bash
# postgrejs takes the name of the database from a URL with postgres://, and none from the same URL with postgresql://, as
# libpq and the Cloud Console write it: it logs in to the database "postgres", without a message. It decodes neither user nor
# password, but decodes the name of the database. Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund postgrejs@2.23.1 > /dev/null
cat > main.mjs <<'JS'
import { createServer } from "node:net";
import { Connection } from "postgrejs";

for (const scheme of ["postgres", "postgresql"]) {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (message) => {
      // The request for TLS, and then the start-up message.
      if (message.length === 8) return socket.write("N");
      console.log(`${scheme}://`, message.toString("utf8", 8).split("\0").slice(0, 4).join(" "));
      socket.destroy();
      server.close();
    });
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const connection = new Connection(`${scheme}://a%40b:p%2Fw@127.0.0.1:${server.address().port}/my%20db`);
  connection.connect().catch(() => undefined);
  await new Promise((closed) => server.on("close", closed));
}
process.exit();
JS
seen=$(node main.mjs)
echo "postgrejs 2.23.1, what it sends for a%40b and my%20db:"
echo "$seen"
[ "$seen" = "postgres:// user a%40b database my db
postgresql:// user a%40b database postgres" ]
