#!/usr/bin/env bash
# sequelize-cli reads host, port, user, password and database of a URL by itself and drops its parameters, whether the URL is
# an option or comes by "use_env_variable". Sequelize with the same URL begins with a request for TLS and sends the name of the
# application; the migrations connect without TLS and without the name, and "ssl=true" changes nothing.
# Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund sequelize@6.37.8 sequelize-cli@6.6.5 pg@8.23.1 > /dev/null
mkdir migrations
cat > main.cjs <<'JS'
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { createServer } = require("node:net");
const { Sequelize } = require("sequelize");
(async () => {
  let first;
  const server = createServer((socket) => {
    socket.once("data", (message) => {
      first ??= message.readInt32BE(4) === 80877103 ? "asks for TLS" : `starts up, application_name ${message.includes("orders") ? "" : "not "}sent`;
      socket.destroy();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `postgresql://user:password@127.0.0.1:${server.address().port}/db?application_name=orders`;
  for (const parameters of ["", "&sslmode=verify-full", "&ssl=true"]) {
    first = undefined;
    await new Sequelize(address + parameters, { logging: false }).authenticate().catch(() => undefined);
    const library = first;
    first = undefined;
    await once(spawn("npx", ["sequelize-cli", "db:migrate", "--url", address + parameters]), "exit");
    console.log(`${parameters || "no parameter of TLS"}: Sequelize ${library}; sequelize-cli ${first}`);
  }
  process.exit();
})();
JS
seen=$(node main.cjs)
echo "sequelize 6.37.8, sequelize-cli 6.6.5, pg 8.23.1:"
echo "$seen"
[ "$seen" = "no parameter of TLS: Sequelize starts up, application_name sent; sequelize-cli starts up, application_name not sent
&sslmode=verify-full: Sequelize asks for TLS; sequelize-cli starts up, application_name not sent
&ssl=true: Sequelize asks for TLS; sequelize-cli starts up, application_name not sent" ]
