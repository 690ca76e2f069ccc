// Connects once as docs/connecting.md has it and prints which database it is in: connect.mjs <line> < parts as JSON.
import { readFileSync } from "node:fs";

const question = "select current_database() as database";
const parts = JSON.parse(readFileSync(0, "utf8"));
const { url, host, port, user, password, database, sslRootCert } = parts;
const certificate =
  sslRootCert === undefined ? undefined : { ca: readFileSync(sslRootCert, "utf8") };

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
};

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
