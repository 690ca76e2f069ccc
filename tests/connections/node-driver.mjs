// Connects once with a driver, as the documentation has it, and prints which database it is in:
// node node-driver.mjs <line>, with what `connection()` gives as JSON on the standard input.
import { readFileSync } from "node:fs";

const question = "select current_database() as database";

const lines = {
  async "pg, URL"({ url }) {
    return await pg({ connectionString: url });
  },
  async "pg, environment"({ env }) {
    Object.assign(process.env, env);
    return await pg({});
  },
  async "pg, parts"({ host, port, user, password, database, ca }) {
    return await pg({
      host,
      port,
      user,
      password,
      database,
      ssl: ca === undefined ? true : { ca },
    });
  },
  async "postgres.js, URL"({ url, ca }) {
    return await postgresJs(url, ca === undefined ? {} : { ssl: { ca } });
  },
  async "postgres.js, parts"({ host, port, user, password, database, ca }) {
    return await postgresJs({
      host,
      port,
      user,
      password,
      database,
      ssl: ca === undefined ? true : { ca },
    });
  },
  async 'postgres.js, ssl: "require"'({ url }) {
    return await postgresJs(url, { ssl: "require" });
  },
  async "Sequelize, URL"({ url }) {
    return await sequelize(url, { logging: false });
  },
  async "Sequelize, parts"({ host, port, user, password, database, ca }) {
    return await sequelize({
      dialect: "postgres",
      host,
      port,
      username: user,
      password,
      database,
      dialectOptions: { ssl: ca === undefined ? true : { ca } },
      logging: false,
    });
  },
  async "TypeORM postgres, URL"({ url }) {
    return await typeOrm({ type: "postgres", url });
  },
  async "TypeORM cockroachdb, URL"({ url }) {
    return await typeOrm({ type: "cockroachdb", url });
  },
  async "TypeORM cockroachdb, parts"({ host, port, user, password, database, ca }) {
    const ssl = ca === undefined ? true : { ca };
    return await typeOrm({
      type: "cockroachdb",
      host,
      port,
      username: user,
      password,
      database,
      ssl,
    });
  },
};

async function pg(config) {
  const { Client } = (await import("pg")).default;
  const client = new Client(config);
  await client.connect();
  const { rows } = await client.query(question);
  await client.end();
  return rows[0].database;
}

async function postgresJs(...config) {
  const sql = (await import("postgres")).default(...config);
  try {
    const [row] = await sql.unsafe(question);
    return row.database;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function sequelize(...config) {
  const { Sequelize, QueryTypes } = await import("sequelize");
  const database = new Sequelize(...config);
  const [row] = await database.query(question, { type: QueryTypes.SELECT });
  await database.close();
  return row.database;
}

async function typeOrm(options) {
  const { DataSource } = await import("typeorm");
  const source = new DataSource(options);
  // Its `initialize` asks for settings that only CockroachDB has, after the login.
  await source.driver.connect();
  const connection = await source.driver.master.connect();
  const { rows } = await connection.query(question);
  connection.release();
  await source.driver.disconnect();
  return rows[0].database;
}

const [, , line] = process.argv;
try {
  process.stdout.write(await lines[line](JSON.parse(readFileSync(0, "utf8"))));
} catch (error) {
  process.stderr.write(
    `${error.code ?? error.name}: ${error.message || error.errors?.[0]?.message}\n`,
  );
  process.exitCode = 1;
}
