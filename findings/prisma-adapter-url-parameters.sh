#!/usr/bin/env bash
# Prisma's adapter for pg takes no notice of the parameters that a Prisma URL has for Prisma itself: with schema=orders and
# connection_limit=2 the adapter knows no schema and its pool has pg's ten connections. The schema is an option of the
# adapter, and the size one of the pool. Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @prisma/adapter-pg@7.10.1 > /dev/null
cat > main.cjs <<'JS'
const { PrismaPg } = require("@prisma/adapter-pg");
const connectionString = "postgresql://user:password@localhost/db?schema=orders&connection_limit=2&application_name=shop";
(async () => {
  for (const options of [undefined, { schema: "orders" }]) {
    const adapter = await new PrismaPg({ connectionString }, options).connect();
    const { max, connectionString: url } = adapter.underlyingDriver().options;
    console.log(adapter.getConnectionInfo().schemaName, max, url === connectionString);
  }
  console.log(new (require("pg").Client)({ connectionString }).connectionParameters.application_name);
})();
JS
seen=$(node main.cjs)
echo "@prisma/adapter-pg 7.10.1 (schema, connections, whether pg gets the URL), without and with the option schema, and pg's application_name:"
echo "$seen"
[ "$seen" = "undefined 10 true
orders 10 true
shop" ]
