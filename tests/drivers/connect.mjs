// Connects once as docs/connecting.md has it and prints which database it is in: connect.mjs <line> < parts as JSON.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const question = "select current_database() as database";
/** Every tool shows why a migration fails, so this one fails with the name of the database. */
const migration = "DO $$ BEGIN RAISE EXCEPTION 'database <%>', current_database(); END $$";
const parts = JSON.parse(readFileSync(0, "utf8"));
const { url, host, port, user, password, database, sslRootCert } = parts;
/** What a tool without a root certificate in its URL takes in code. */
const certificate =
  sslRootCert === undefined || sslRootCert === "system"
    ? undefined
    : { ca: readFileSync(sslRootCert, "utf8") };

const lines = {
  async Knex() {
    const { default: knex } = await import("knex");
    // Its logger prints failures to the standard output, which is for the name of the database.
    const log = { warn: () => undefined };
    const connection = knex({ client: "cockroachdb", connection: url, log });
    const { rows } = await connection.raw(question);
    await connection.destroy();
    return rows[0].database;
  },
  async Drizzle() {
    const { drizzle } = await import("drizzle-orm/node-postgres");
    const { rows } = await drizzle(url).execute(question);
    return rows[0].database;
  },
  async Kysely() {
    const { CompiledQuery, Kysely, PostgresDialect } = await import("kysely");
    const { default: pg } = await import("pg");
    const pool = new pg.Pool({ connectionString: url });
    const kysely = new Kysely({ dialect: new PostgresDialect({ pool }) });
    const { rows } = await kysely.executeQuery(CompiledQuery.raw(question));
    return rows[0].database;
  },
  async Prisma() {
    const { PrismaPg } = await import("@prisma/adapter-pg");
    const adapter = await new PrismaPg({ connectionString: url }).connect();
    const { rows } = await adapter.queryRaw({ sql: question, args: [], argTypes: [] });
    return rows[0][0];
  },
  async "pg-promise"() {
    const { default: pgPromise } = await import("pg-promise");
    const row = await pgPromise()(url).one(question);
    return row.database;
  },
  async Slonik() {
    const { createPool, sql } = await import("slonik");
    const ssl = certificate === undefined ? {} : { ssl: certificate };
    const pool = await createPool(url, { connectionRetryLimit: 0, ...ssl });
    return await pool.oneFirst(sql.unsafe`select current_database() as database`);
  },
  async MikroORM() {
    const { EntitySchema, MikroORM } = await import("@mikro-orm/postgresql");
    const some = new EntitySchema({
      name: "Some",
      properties: { id: { type: "number", primary: true } },
    });
    const orm = await MikroORM.init({
      host,
      port,
      user,
      password,
      dbName: database,
      driverOptions: { ssl: certificate ?? true },
      entities: [some],
    });
    const [row] = await orm.em.getConnection().execute(question);
    return row.database;
  },
  async Umzug() {
    const { Sequelize } = await import("sequelize");
    const { SequelizeStorage, Umzug } = await import("umzug");
    const sequelize = new Sequelize(url, { logging: false });
    const umzug = new Umzug({
      migrations: [{ name: "first", up: () => sequelize.query(migration) }],
      storage: new SequelizeStorage({ sequelize }),
    });
    return databaseOf(await umzug.up().then(String, reasonOf));
  },
  async "graphile-worker"() {
    const { makeWorkerUtils } = await import("graphile-worker");
    const worker = await makeWorkerUtils({ connectionString: url });
    const { rows } = await worker.withPgClient((client) => client.query(question));
    return rows[0].database;
  },
  async "pg-boss"() {
    const { default: PgBoss } = await import("pg-boss");
    const boss = new PgBoss(url);
    boss.on("error", () => undefined);
    await boss.start();
    const { rows } = await boss.getDb().executeSql(question);
    return rows[0].database;
  },
  async "@keyv/postgres"() {
    const { default: KeyvPostgres } = await import("@keyv/postgres");
    const store = new KeyvPostgres({ uri: url });
    const [row] = await store.query(question);
    return row.database;
  },
  async "connect-pg-simple"() {
    const { default: session } = await import("express-session");
    const { default: connectPgSimple } = await import("connect-pg-simple");
    const Store = connectPgSimple(session);
    const store = new Store({ conString: url, createTableIfMissing: true });
    return (await store._asyncQuery(question)).database;
  },
  dbmate: () =>
    migrate("dbmate", ["--migrations-dir", "migrations", "--no-dump-schema", "up"], {
      files: { "migrations/1_first.sql": `-- migrate:up\n${migration};\n-- migrate:down\n` },
      environment: { DATABASE_URL: url },
    }),
  "node-pg-migrate": () =>
    migrate("node-pg-migrate", ["up"], {
      files: { "migrations/1700000000000_first.sql": migration },
      environment: { DATABASE_URL: url },
    }),
  "db-migrate": () =>
    dbMigrate({
      dev: {
        driver: "cockroachdb",
        ...{ host, port, user, password, database },
        ssl: certificate ?? true,
      },
    }),
  "db-migrate, URL": () => dbMigrate({ dev: url }),
  "sequelize-cli": () =>
    sequelizeCli({
      ...{ host, port, username: user, password, database },
      dialectOptions: { ssl: certificate ?? true },
    }),
  "sequelize-cli, URL": () => sequelizeCli({ url }),
};

function dbMigrate(configuration) {
  return migrate("db-migrate", ["up"], {
    files: {
      "database.json": JSON.stringify(configuration),
      "migrations/20260101000000-first.js": `exports.up = (db) => db.runSql(${JSON.stringify(migration)});`,
    },
  });
}

function sequelizeCli(configuration) {
  return migrate("sequelize-cli", ["db:migrate"], {
    files: {
      "config/config.json": JSON.stringify({
        development: { dialect: "postgres", ...configuration },
      }),
      "migrations/1-first.js": `exports.up = (query) => query.sequelize.query(${JSON.stringify(migration)});`,
    },
  });
}

/** Runs the command of a tool in a project of its own, with a migration that says where it is. */
function migrate(program, programArguments, { files, environment }) {
  const project = mkdtempSync(join(tmpdir(), "migrate-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
  const packages = join(dirname(fileURLToPath(import.meta.url)), "node_modules");
  const { stdout, stderr } = spawnSync(join(packages, ".bin", program), programArguments, {
    cwd: project,
    encoding: "utf8",
    env: { ...process.env, NODE_PATH: packages, ...environment },
  });
  return databaseOf(stdout + stderr);
}

/** What the migration has said, in what a tool reports of its failure. */
function databaseOf(report) {
  const found = /database <(?!%>)(.*?)>/.exec(report);
  if (found === null) throw new Error(report);
  return found[1];
}

/** What a library says of a failure, and what it keeps as its cause. */
function reasonOf({ message, cause }) {
  return [message, cause?.message, cause?.kind].filter(Boolean).join(" ");
}

try {
  process.stdout.write(await lines[process.argv[2]]());
  // Pools keep their connections.
  process.exit();
} catch (error) {
  process.stderr.write(reasonOf(error));
  process.exit(1);
}
