#!/usr/bin/env bash
# MikroORM reads host, port, user, password and database of the option "clientUrl" and drops its parameters, which pg
# beneath it would take from the same URL: an application_name is not sent, and no other parameter either.
# Needs Node.js and npm. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund --legacy-peer-deps @mikro-orm/core@7.2.5 @mikro-orm/postgresql@7.2.5 pg@8.23.1 > /dev/null
cat > main.mjs <<'JS'
import { EntitySchema, MikroORM } from "@mikro-orm/postgresql";
import pg from "pg";

const url = "postgresql://a%40b:p%2Fw@localhost:26257/my%20db?application_name=orders";
const account = new EntitySchema({ name: "Account", properties: { id: { type: "number", primary: true } } });
const orm = await MikroORM.init({ clientUrl: url, entities: [account], connect: false });
const { user, password, database, ...others } = orm.em.getConnection().mapOptions({});
console.log(JSON.stringify([user, password, database, others.application_name ?? null]));
const client = new pg.Client({ connectionString: url });
console.log(JSON.stringify([client.user, client.password, client.database, client.connectionParameters.application_name]));
JS
seen=$(node main.mjs)
echo "@mikro-orm/postgresql 7.2.5 and pg 8.23.1 (user, password, database, application_name):"
echo "$seen"
[ "$seen" = '["a@b","p/w","my db",null]
["a@b","p/w","my db","orders"]' ]
