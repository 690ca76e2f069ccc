// The lines of docs/connecting.md for other languages, and for what stands on the drivers for Node.js, run against a real PostgreSQL with TLS by what the machine
// has of psql, Python, Go and Java: each logs in where the certificate is right, and nowhere else.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConnectionClient } from "../../provider/cluster/connection-clients";
import type { ConnectionFacts, ConnectionParts } from "../../provider/cluster/connection-url";
import { connectionParts } from "../../provider/cluster/connection-url";
import type { PlainServer, PostgresServer } from "../connections/postgres-server";
import {
  databases,
  libraryFolder,
  login,
  startPlainServer,
  startPostgres,
} from "../connections/postgres-server";
import { elsewhere, localhost } from "../support/certificates";
import type { Command } from "./toolchains";
import { has, javaStore, prepareGo, prepareJava, prepareNode, preparePython } from "./toolchains";

/** A driver with its line in the documentation. */
interface Driver {
  name: string;
  client: ConnectionClient;
  /** What is run, with the parts as JSON or what `input` makes of them on the standard input. */
  command: (parts: ConnectionParts) => Command;
  input?: (parts: ConnectionParts) => string;
  /** Whether an Advanced cluster's certificate is given in code: the client reads none from a URL. */
  takesCertificateInCode?: true;
  /** What makes the machine trust one public authority; where a file is named in the URL, that file is exchanged. */
  trust: (file: string) => Record<string, string>;
  wrongHost: RegExp;
  unknownAuthority: RegExp;
}

interface Outcome {
  database: string;
  error: string;
}

const bundle = "/etc/ssl/certs/ca-certificates.crt";
const question = "select current_database()";
const openSsl = (file: string) => ({ SSL_CERT_FILE: file, SSL_CERT_DIR: "/nowhere" });
const libpqErrors = {
  wrongHost: /server certificate for "elsewhere.test".* does not match host name "localhost"/,
  unknownAuthority: /certificate verify failed/,
};
const pythonErrors = {
  wrongHost: /certificate is not valid for 'localhost'|does not match host name "localhost"/,
  unknownAuthority: /certificate verify failed/,
};
const goErrors = {
  wrongHost: /certificate is valid for elsewhere.test, not localhost/,
  unknownAuthority: /certificate signed by unknown authority/,
};

describe("Drivers of other languages on a real PostgreSQL", function () {
  this.timeout(300_000);

  const folder = mkdtempSync(join(tmpdir(), "drivers-"));
  let server: PostgresServer;
  /** At the same host, with the certificate of another one. */
  let impostor: PostgresServer;
  let plain: PlainServer;

  before(async () => {
    [server, impostor, plain] = await Promise.all([
      startPostgres(localhost),
      startPostgres(elsewhere),
      startPlainServer(),
    ]);
  });

  after(async () => {
    await Promise.all([server?.stop(), impostor?.stop(), plain?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const nothing = () => undefined;
  withTool("psql", has("psql", "--version"), nothing, () => {
    const psql = ({ url }: ConnectionParts): Command => ["psql", url, "-Atc", question];
    lineOf({
      name: "libpq of the machine",
      client: "psycopg",
      command: psql,
      trust: openSsl,
      ...libpqErrors,
    });
    if (process.platform !== "linux") return;
    // psql with the newer libpq of the server's package, which knows `system`.
    const trust = (file: string) => ({ ...openSsl(file), LD_LIBRARY_PATH: libraryFolder() });
    lineOf({ name: "libpq 18", client: "libpq", command: psql, trust, ...libpqErrors });
    const byEnvironment = ({ env }: ConnectionParts): Command => [
      "env",
      ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
      "psql",
      "-Atc",
      question,
    ];
    lineOf({
      name: "libpq 18 by its variables",
      client: "libpq",
      command: byEnvironment,
      trust,
      ...libpqErrors,
    });
  });

  let python: Command;
  const getPython = () => {
    python = preparePython(folder);
  };
  withTool("Python", has("python3", "-m", "venv", "--help"), getPython, () => {
    const clients: [string, ConnectionClient][] = [
      ["psycopg", "psycopg"],
      ["psycopg2", "psycopg"],
      ["asyncpg", "asyncpg"],
      ["sqlalchemy", "sqlalchemy"],
      ["django", "django"],
      ["django-environ", "django"],
      ["peewee", "psycopg"],
      ["peewee by parts", "psycopg"],
      ["piccolo", "asyncpg"],
      ["pony", "psycopg"],
      ["yoyo", "sqlalchemy"],
      ["alembic", "sqlalchemy"],
      ["alembic by its option", "sqlalchemy"],
      ["pg8000", "node-postgres"],
    ];
    for (const [name, client] of clients) {
      lineOf({ name, client, command: () => [...python, name], trust: openSsl, ...pythonErrors });
    }

    it("pg8000 verifies nothing with ssl_context=True, as the documentation warns", async () => {
      const outcome = await run(
        [...python, "pg8000 ssl_context=True"],
        JSON.stringify(connectionParts(basic())),
        {},
        impostor.port,
      );
      assert.deepEqual(outcome, { database: "defaultdb", error: "" });
    });
  });

  let node: Command;
  const getNode = () => {
    node = prepareNode(folder);
  };
  withTool("Node.js", has("npm", "--version"), getNode, () => {
    const errors = {
      wrongHost: /does not match certificate's altnames|TlsConnectionError/,
      unknownAuthority:
        /unable to verify the first certificate|self-signed certificate|TlsConnectionError/,
    };
    const trust = (file: string) => ({ NODE_EXTRA_CA_CERTS: file });
    for (const name of [
      ...["Knex", "Drizzle", "Prisma", "Kysely", "pg-promise"],
      ...["graphile-worker", "pg-boss", "@keyv/postgres", "connect-pg-simple", "node-pg-migrate"],
    ]) {
      lineOf({ name, client: "node-postgres", command: () => [...node, name], trust, ...errors });
    }
    lineOf({
      name: "Umzug",
      client: "sequelize",
      command: () => [...node, "Umzug"],
      trust,
      ...errors,
    });
    lineOf({
      name: "dbmate",
      client: "go",
      command: () => [...node, "dbmate"],
      trust: openSsl,
      ...goErrors,
    });
    for (const [name, client] of [
      ["Slonik", "slonik"],
      ["MikroORM", "node-postgres"],
      ["sequelize-cli", "node-postgres"],
      ["db-migrate", "node-postgres"],
    ] as const) {
      lineOf({
        name,
        client,
        command: () => [...node, name],
        takesCertificateInCode: true,
        trust,
        ...errors,
      });
    }

    for (const name of ["sequelize-cli", "db-migrate"]) {
      it(`${name} drops what the URL says of TLS, as the documentation warns`, async () => {
        const parts = connectionParts({ ...basic(), client: "node-postgres" });
        await run([...node, `${name}, URL`], JSON.stringify(parts), {}, plain.port);
        // db-migrate cuts the password at the colon.
        assert.ok(plain.heard.splice(0).join("").includes(login.password.slice(0, 6)));
      });
    }
  });

  let go: Command;
  const getGo = () => {
    go = prepareGo(folder);
  };
  withTool("Go", has("go", "version"), getGo, () => {
    const command = (name: string) => (): Command => [...go, name];
    lineOf({ name: "pgx", client: "go", command: command("pgx"), trust: openSsl, ...goErrors });
    lineOf({
      name: "lib/pq",
      client: "go",
      command: command("postgres"),
      trust: openSsl,
      ...goErrors,
    });
  });

  let java: Command;
  const stores = new Map<string, string>();
  const getJava = () => {
    java = prepareJava(folder);
    for (const file of [server.authorityFile, server.strangerFile]) {
      stores.set(file, javaStore(folder, `store-${stores.size}`, file));
    }
  };
  withTool("Java", has("javac", "--version") && has("mvn", "--version"), getJava, () => {
    for (const name of ["pgjdbc", "HikariCP", "Flyway", "Liquibase"]) {
      lineOf({
        name,
        client: "jdbc",
        command: () => [...java, "Connect", name],
        input: ({ url }) => url,
        trust: (file) => ({
          JAVA_TOOL_OPTIONS: `-Djavax.net.ssl.trustStore=${stores.get(file)} -Djavax.net.ssl.trustStorePassword=throw-away -Duser.home=${folder}`,
        }),
        wrongHost:
          /hostname localhost could not be verified|No subject alternative|does not match/i,
        unknownAuthority: /PKIX path|unable to find valid certification path|validation failed/i,
      });
    }
  });

  function withTool(name: string, isThere: boolean, prepare: () => void, tests: () => void): void {
    if (!isThere) {
      process.stdout.write(`not run, for this machine cannot: ${name}\n`);
      return;
    }
    describe(name, () => {
      before(prepare);
      tests();
    });
  }

  function lineOf({
    name,
    client,
    command,
    input = JSON.stringify,
    takesCertificateInCode,
    trust,
    ...errors
  }: Driver): void {
    describe(name, () => {
      const connect = (parts: ConnectionParts, file: string, port = server.port) =>
        run(command(withPort(parts, port, file)), input(parts), trust(file), port, file);

      it("logs in to a Basic cluster, and to no other host or authority", async () => {
        const parts = connectionParts({ ...basic(), client });
        await assertVerified(
          () => connect(parts, server.authorityFile),
          () => connect(parts, server.authorityFile, impostor.port),
          () => connect(parts, server.strangerFile),
        );
      });

      it("logs in to an Advanced cluster with its certificate, and with no other", async () => {
        const advanced = (sslRootCert: string) => ({
          ...connectionParts({
            ...basic(),
            plan: "ADVANCED",
            client,
            ...(takesCertificateInCode === true ? {} : { sslRootCert }),
          }),
          sslRootCert,
        });
        const right = advanced(server.authorityFile);
        await assertVerified(
          () => connect(right, server.strangerFile),
          () => connect(right, server.strangerFile, impostor.port),
          () => connect(advanced(server.strangerFile), server.authorityFile),
        );
      });

      it("sends nothing to a server without TLS", async () => {
        const parts = connectionParts({ ...basic(), client });
        const outcome = await connect(parts, server.authorityFile, plain.port);
        assert.notEqual(outcome.error, "");
        assert.deepEqual(plain.heard, []);
      });

      it("is in the database that the program names, or the name is refused", async () => {
        for (const database of databases) {
          let parts: ConnectionParts;
          try {
            parts = connectionParts({ ...basic(), client, database });
          } catch (error) {
            assert.match(String(error), /^Error: Client ".*" would read another name/);
            continue;
          }
          const outcome = await connect(parts, server.authorityFile);
          assert.equal(outcome.database, database, outcome.error);
        }
      });
    });

    async function assertVerified(
      right: () => Promise<Outcome>,
      otherHost: () => Promise<Outcome>,
      otherAuthority: () => Promise<Outcome>,
    ): Promise<void> {
      const outcome = await right();
      assert.equal(outcome.database, "defaultdb", outcome.error);
      assertRefused(await otherHost(), errors.wrongHost);
      assertRefused(await otherAuthority(), errors.unknownAuthority);
    }
  }

  function basic(): ConnectionFacts {
    return { plan: "BASIC", sqlDns: "localhost", regions: [], routingId: "", ...login };
  }

  function withPort(parts: ConnectionParts, port: number, file: string): ConnectionParts {
    return JSON.parse(exchanged(JSON.stringify(parts), port, file));
  }

  function exchanged(text: string, port: number, file: string): string {
    return text
      .replaceAll("26257", String(port))
      .replaceAll(bundle, file)
      .replaceAll(encodeURIComponent(bundle), encodeURIComponent(file));
  }

  async function run(
    [program, ...programArguments]: Command,
    input: string,
    environment: Record<string, string>,
    port: number,
    file = bundle,
  ): Promise<Outcome> {
    // Nothing of the machine's own trust or libpq variables.
    const env = { PATH: process.env["PATH"], HOME: folder, ...environment };
    const child = spawn(program, programArguments, { env });
    child.stdin.on("error", () => undefined);
    child.stdin.end(exchanged(input, port, file));
    let database = "";
    let error = "";
    child.stdout.on("data", (data) => {
      database += data;
    });
    child.stderr.on("data", (data) => {
      error += data;
    });
    await once(child, "close");
    return { database: database.trim(), error: error.replace(/^Picked up .*\n/, "") };
  }

  function assertRefused({ database, error }: Outcome, reason: RegExp): void {
    assert.equal(database, "");
    assert.match(error, reason);
  }
});
