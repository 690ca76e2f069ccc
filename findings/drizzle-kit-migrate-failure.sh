#!/usr/bin/env bash
# "drizzle-kit migrate" that cannot connect ends with exit code 1 and says nothing of the reason: the log of a job shows the
# name of the driver and a spinner. drizzle-orm's own migrate says what has failed.
# Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund drizzle-kit@0.31.11 drizzle-orm@0.45.4 pg@8.23.1 > /dev/null
mkdir -p drizzle/meta
echo '{"version":"7","dialect":"postgresql","entries":[{"idx":0,"version":"7","when":1700000000000,"tag":"0000_first","breakpoints":true}]}' > drizzle/meta/_journal.json
echo 'SELECT 1;' > drizzle/0000_first.sql
echo 'module.exports = { dialect: "postgresql", schema: "./schema.js", dbCredentials: { url: "postgresql://user:password@127.0.0.1:1/db" } };' > drizzle.config.js
cat > main.cjs <<'JS'
const { spawnSync } = require("node:child_process");
const { drizzle } = require("drizzle-orm/node-postgres");
const { migrate } = require("drizzle-orm/node-postgres/migrator");
(async () => {
  const { status, stdout, stderr } = spawnSync("npx", ["drizzle-kit", "migrate"], { encoding: "utf8" });
  console.log(`drizzle-kit: exit code ${status}, ${/ECONNREFUSED|refused|error/i.test(stdout + stderr) ? "a" : "no"} reason`);
  const connection = drizzle("postgresql://user:password@127.0.0.1:1/db");
  await migrate(connection, { migrationsFolder: "drizzle" }).catch(({ cause }) => console.log(`drizzle-orm: ${cause.message}`));
})();
JS
seen=$(node main.cjs)
echo "drizzle-kit 0.31.11, drizzle-orm 0.45.4, pg 8.23.1, where no server listens:"
echo "$seen"
[ "$seen" = "drizzle-kit: exit code 1, no reason
drizzle-orm: connect ECONNREFUSED 127.0.0.1:1" ]
