// The lines of docs/connecting.md for Node.js, run against a real PostgreSQL with TLS: each logs in where the
// certificate is right, and nowhere else.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConnectionClient } from "../../provider/cluster/connection-clients";
import type { ConnectionFacts, ConnectionParts } from "../../provider/cluster/connection-url";
import { connectionParts } from "../../provider/cluster/connection-url";
import { elsewhere, localhost } from "../support/certificates";
import type { PlainServer, PostgresServer } from "./postgres-server";
import { databases, login, startPlainServer, startPostgres } from "./postgres-server";

interface Line {
  /** As `node-driver.mjs` names it. */
  line: string;
  /** Without one, the line takes the parts. */
  client?: ConnectionClient;
  /** Whether an Advanced cluster's certificate is given in code instead of by `sslRootCert`. */
  takesCertificateInCode?: true;
}

const lines: Line[] = [
  { line: "pg, URL", client: "node-postgres" },
  { line: "pg, parts", takesCertificateInCode: true },
  { line: "postgres.js, URL", client: "postgres.js", takesCertificateInCode: true },
  { line: "postgres.js, parts", takesCertificateInCode: true },
  { line: "Sequelize, URL", client: "sequelize" },
  { line: "Sequelize, parts", takesCertificateInCode: true },
  { line: "TypeORM postgres, URL", client: "node-postgres" },
  { line: "TypeORM cockroachdb, parts", takesCertificateInCode: true },
];

/** What a driver says of a certificate of another host. */
const wrongHost = /does not match certificate's altnames/;
/** And of one whose authority it does not trust. */
const unknownAuthority =
  /self-signed certificate in certificate chain|unable to verify the first certificate/;

interface Outcome {
  database: string;
  error: string;
}

describe("Node.js drivers on a real PostgreSQL", function () {
  this.timeout(60_000);

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
  });

  for (const { line, client, takesCertificateInCode } of lines) {
    describe(line, () => {
      const ofClient = client === undefined ? {} : { client };

      it("logs in to a Basic cluster, and to no other host or authority", async () => {
        const right = connectionParts({ ...basic(), ...ofClient });
        const trusting = { NODE_EXTRA_CA_CERTS: server.authorityFile };
        const [ok, otherHost, otherAuthority] = await Promise.all([
          connect(line, right, trusting),
          connect(line, right, trusting, impostor.port),
          connect(line, right, { NODE_EXTRA_CA_CERTS: server.strangerFile }),
        ]);
        assert.deepEqual(ok, { database: "defaultdb", error: "" });
        assertRefused(otherHost, wrongHost);
        assertRefused(otherAuthority, unknownAuthority);
      });

      it("logs in to an Advanced cluster with its certificate, and with no other", async () => {
        const trusting = (file: string, port?: number) => {
          const root = takesCertificateInCode ? {} : { sslRootCert: file };
          const parts = connectionParts({ ...basic(), plan: "ADVANCED", ...ofClient, ...root });
          const ca = takesCertificateInCode ? { ca: readFileSync(file, "utf8") } : {};
          return connect(line, { ...parts, ...ca }, {}, port);
        };
        const [ok, otherHost, otherAuthority] = await Promise.all([
          trusting(server.authorityFile),
          trusting(server.authorityFile, impostor.port),
          trusting(server.strangerFile),
        ]);
        assert.deepEqual(ok, { database: "defaultdb", error: "" });
        assertRefused(otherHost, wrongHost);
        assertRefused(otherAuthority, unknownAuthority);
      });

      it("sends nothing to a server without TLS", async () => {
        const parts = connectionParts({ ...basic(), ...ofClient });
        const outcome = await connect(line, parts, {}, plain.port);
        assert.notEqual(outcome.error, "");
        assert.deepEqual(plain.heard, []);
      });

      if (client === undefined) return;
      it("is in the database that the program names, or the name is refused", async () => {
        for (const database of databases) {
          let parts: ConnectionParts;
          try {
            parts = connectionParts({ ...basic(), ...ofClient, database });
          } catch (error) {
            assert.match(String(error), /^Error: Client ".*" would read another name/);
            continue;
          }
          const outcome = await connect(line, parts, { NODE_EXTRA_CA_CERTS: server.authorityFile });
          assert.deepEqual(outcome, { database, error: "" });
        }
      });
    });
  }

  it("pg takes the environment variables of an own connection to a Basic cluster", async () => {
    const trusting = { NODE_EXTRA_CA_CERTS: server.authorityFile };
    const line = "pg, environment";
    const parts = connectionParts({ ...basic(), client: "node-postgres", database: "my db" });
    assert.deepEqual(await connect(line, parts, trusting), { database: "my db", error: "" });
    assertRefused(await connect(line, parts, trusting, impostor.port), wrongHost);
    const distrusting = { NODE_EXTRA_CA_CERTS: server.strangerFile };
    assertRefused(await connect(line, parts, distrusting), unknownAuthority);
  });

  describe("what the documentation warns of", () => {
    it("pg takes the default's `system` for a file", async () => {
      const outcome = await connect("pg, URL", connectionParts(basic()));
      assertRefused(outcome, /ENOENT.*open 'system'/);
    });

    it("TypeORM's cockroachdb drops what the URL says of TLS", async () => {
      const parts = connectionParts({ ...basic(), client: "node-postgres" });
      const before = plain.heard.length;
      await connect("TypeORM cockroachdb, URL", parts, {}, plain.port);
      assert.ok(plain.heard.slice(before).join("").includes(login.password.slice(0, 10)));
      plain.heard.length = before;
    });

    it('postgres.js verifies nothing with ssl: "require"', async () => {
      const parts = connectionParts({ ...basic(), client: "postgres.js" });
      const outcome = await connect('postgres.js, ssl: "require"', parts, {}, impostor.port);
      assert.deepEqual(outcome, { database: "defaultdb", error: "" });
    });
  });

  function basic(): ConnectionFacts {
    return { plan: "BASIC", sqlDns: "localhost", regions: [], routingId: "", ...login };
  }

  /** Connects in a process of its own, as Node.js reads which authorities to trust when it starts. */
  async function connect(
    line: string,
    parts: ConnectionParts & { ca?: string },
    environment: Record<string, string> = {},
    port = server.port,
  ): Promise<Outcome> {
    const child = spawn(process.execPath, [join(__dirname, "node-driver.mjs"), line], {
      // Nothing of the machine's own trust or libpq variables.
      env: { PATH: process.env["PATH"], HOME: __dirname, ...environment },
    });
    child.stdin.end(JSON.stringify(parts).replaceAll("26257", String(port)));
    let database = "";
    let error = "";
    child.stdout.on("data", (data) => {
      database += data;
    });
    child.stderr.on("data", (data) => {
      error += data;
    });
    await once(child, "close");
    return { database, error };
  }

  function assertRefused({ database, error }: Outcome, reason: RegExp): void {
    assert.equal(database, "");
    assert.match(error, reason);
  }
});
