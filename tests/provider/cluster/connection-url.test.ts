import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { ConnectionClient } from "../../../provider/cluster/connection-clients";
import { connectionClients } from "../../../provider/cluster/connection-clients";
import type { ConnectionFacts } from "../../../provider/cluster/connection-url";
import { connectionParts } from "../../../provider/cluster/connection-url";

const basic: ConnectionFacts = {
  plan: "BASIC",
  sqlDns: "orders-123.jxf.gcp-us-central1.cockroachlabs.cloud",
  regions: [
    {
      name: "us-central1",
      sqlDns: "orders-123.jxf.gcp-us-central1.cockroachlabs.cloud",
      uiDns: "",
      internalDns: "internal-orders-123.jxf.gcp-us-central1.cockroachlabs.cloud",
      privateEndpointDns: "",
      nodeCount: 0,
      primary: true,
    },
  ],
  routingId: "orders-123",
  user: "app",
  password: "secret",
};
const advanced: ConnectionFacts = {
  ...basic,
  plan: "ADVANCED",
  sqlDns: "orders-q2b.aws-us-east-1.cockroachlabs.cloud",
  routingId: "",
};

describe("Connection URL", () => {
  const urls: [string, ConnectionFacts, string][] = [
    [
      "of a Basic cluster",
      basic,
      `postgresql://app:secret@${basic.sqlDns}:26257/defaultdb?sslmode=verify-full&sslrootcert=system`,
    ],
    [
      "of a Standard cluster with a database",
      { ...basic, plan: "STANDARD", database: "orders" },
      `postgresql://app:secret@${basic.sqlDns}:26257/orders?sslmode=verify-full&sslrootcert=system`,
    ],
    [
      "of an Advanced cluster",
      advanced,
      `postgresql://app:secret@${advanced.sqlDns}:26257/defaultdb?sslmode=verify-full`,
    ],
    [
      "with a certificate of one's own",
      { ...advanced, sslRootCert: "/etc/ssl/ca.crt" },
      `postgresql://app:secret@${advanced.sqlDns}:26257/defaultdb?sslmode=verify-full&sslrootcert=%2Fetc%2Fssl%2Fca.crt`,
    ],
    [
      "of a host that does not lead to the cluster",
      { ...basic, sqlDns: "free.aws.cockroachlabs.cloud" },
      "postgresql://app:secret@free.aws.cockroachlabs.cloud:26257/defaultdb?sslmode=verify-full&sslrootcert=system&options=--cluster%3Dorders-123",
    ],
    [
      "with characters that mean something in a URL",
      { ...basic, user: "a@b", password: "p:/?#&%", database: "my db" },
      `postgresql://a%40b:p%3A%2F%3F%23%26%25@${basic.sqlDns}:26257/my%20db?sslmode=verify-full&sslrootcert=system`,
    ],
  ];
  for (const [what, facts, url] of urls)
    it(`is what drivers expect ${what}`, () => assert.equal(connectionParts(facts).url, url));

  it("needs no option where there is no routing id, nor for an Advanced cluster", () => {
    const elsewhere = "free.aws.cockroachlabs.cloud";
    for (const facts of [
      { ...basic, sqlDns: elsewhere, routingId: "" },
      { ...advanced, sqlDns: elsewhere, routingId: "orders-123" },
    ]) {
      assert.equal("options" in connectionParts(facts), false);
    }
    const parts = connectionParts({ ...basic, sqlDns: elsewhere });
    assert.equal(parts.options, "--cluster=orders-123");
    assert.equal("sslRootCert" in connectionParts(advanced), false);
  });

  it("for JDBC carries user and password as parameters, and Java's own certificates", () => {
    assert.equal(
      connectionParts(basic).jdbcUrl,
      `jdbc:postgresql://${basic.sqlDns}:26257/defaultdb?user=app&password=secret&sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory`,
    );
    assert.equal(
      connectionParts({ ...advanced, sslRootCert: "/ca.crt" }).jdbcUrl,
      `jdbc:postgresql://${advanced.sqlDns}:26257/defaultdb?user=app&password=secret&sslmode=verify-full&sslrootcert=%2Fca.crt`,
    );
  });

  it("comes with its parts", () => {
    const { url: _url, jdbcUrl: _jdbcUrl, env: _env, ...parts } = connectionParts(basic);
    assert.deepEqual(parts, {
      host: basic.sqlDns,
      port: 26257,
      database: "defaultdb",
      user: "app",
      password: "secret",
      sslMode: "verify-full",
      sslRootCert: "system",
    });
  });

  it("gives back what went in, whatever it is", () => {
    // A URL parser takes these two for steps in a path; libpq does not.
    const texts = fc
      .string({ unit: "grapheme", minLength: 1 })
      .filter((text) => text !== "." && text !== "..");
    const details = fc.check(
      fc.property(texts, texts, texts, (user, password, database) => {
        const url = new URL(connectionParts({ ...basic, user, password, database }).url);
        assert.equal(decodeURIComponent(url.username), user);
        assert.equal(decodeURIComponent(url.password), password);
        assert.equal(decodeURIComponent(url.pathname.slice(1)), database);
      }),
      { numRuns: 200 },
    );
    assert.ok(!details.failed, fc.defaultReportMessage(details));
  });

  const bundle = "%2Fetc%2Fssl%2Fcerts%2Fca-certificates.crt";
  const verify = "sslmode=verify-full";
  const ofJdbc = "user=app&password=secret&sslmode=verify-full";
  const javaRoots = "&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory";
  /** What a client gets: the beginning, then the parameters for a shared cluster, and for an Advanced one with a file. */
  const forms: Record<ConnectionClient, [string, string, string | undefined]> = {
    libpq: [
      "postgresql://app:secret@",
      `${verify}&sslrootcert=system`,
      `${verify}&sslrootcert=%2Fca.crt`,
    ],
    psycopg: [
      "postgresql://app:secret@",
      `${verify}&sslrootcert=${bundle}`,
      `${verify}&sslrootcert=%2Fca.crt`,
    ],
    asyncpg: [
      "postgresql://app:secret@",
      `${verify}&sslrootcert=${bundle}`,
      `${verify}&sslrootcert=%2Fca.crt`,
    ],
    sqlalchemy: [
      "cockroachdb://app:secret@",
      `${verify}&sslrootcert=${bundle}`,
      `${verify}&sslrootcert=%2Fca.crt`,
    ],
    django: [
      "cockroach://app:secret@",
      `${verify}&sslrootcert=${bundle}`,
      `${verify}&sslrootcert=%2Fca.crt`,
    ],
    "node-postgres": ["postgresql://app:secret@", verify, `${verify}&sslrootcert=%2Fca.crt`],
    "postgres.js": ["postgresql://app:secret@", verify, undefined],
    sequelize: ["postgresql://app:secret@", verify, `${verify}&sslrootcert=%2Fca.crt`],
    slonik: ["postgresql://app:secret@", "sslmode=require", undefined],
    bun: ["postgresql://app:secret@", verify, `${verify}&sslrootcert=%2Fca.crt`],
    go: [
      "postgresql://app:secret@",
      `${verify}&sslrootcert=system`,
      `${verify}&sslrootcert=%2Fca.crt`,
    ],
    "golang-migrate": ["cockroachdb://app:secret@", verify, `${verify}&sslrootcert=%2Fca.crt`],
    sqlx: ["postgresql://app:secret@", verify, `${verify}&sslrootcert=%2Fca.crt`],
    "tokio-postgres": ["postgresql://app:secret@", "sslmode=require", undefined],
    jdbc: ["jdbc:postgresql://", `${ofJdbc}${javaRoots}`, `${ofJdbc}&sslrootcert=%2Fca.crt`],
    r2dbc: [
      "r2dbc:postgresql://app:secret@",
      "sslMode=verify-full",
      "sslMode=verify-full&sslRootCert=%2Fca.crt",
    ],
  };
  for (const [name, [start, shared, withFile]] of Object.entries(forms)) {
    const client = name as ConnectionClient;
    it(`is spelled for ${name}`, () => {
      const path = `${basic.sqlDns}:26257/defaultdb?`;
      assert.equal(connectionParts({ ...basic, client }).url, `${start}${path}${shared}`);
      const facts = { ...basic, plan: "ADVANCED" as const, client, sslRootCert: "/ca.crt" };
      if (withFile !== undefined) {
        assert.equal(connectionParts(facts).url, `${start}${path}${withFile}`);
        return;
      }
      assert.throws(() => connectionParts(facts), {
        message: `Client "${name}" reads no root certificate from a URL: leave sslRootCert out, and give the certificate to the client in code.`,
      });
    });
  }

  it("verifies the host for every client and plan, whatever sslRootCert is", () => {
    for (const client of Object.keys(connectionClients) as ConnectionClient[]) {
      for (const plan of ["BASIC", "STANDARD", "ADVANCED"] as const) {
        for (const sslRootCert of [undefined, null, "", "system"]) {
          const { url, jdbcUrl, env } = connectionParts({ ...basic, plan, client, sslRootCert });
          const word = ["slonik", "tokio-postgres"].includes(client) ? "require" : "verify-full";
          assert.match(url, new RegExp(`[?&]ssl[mM]ode=${word}(&|$)`));
          assert.match(jdbcUrl, /[?&]sslmode=verify-full(&|$)/);
          assert.equal(env.PGSSLMODE, "verify-full");
        }
      }
    }
  });

  it("keeps Java's certificates in the JDBC URL when sslRootCert is empty", () => {
    const url = `jdbc:postgresql://${basic.sqlDns}:26257/defaultdb?user=app&password=secret&sslmode=verify-full`;
    assert.equal(connectionParts({ ...basic, sslRootCert: "" }).jdbcUrl, `${url}${javaRoots}`);
    assert.equal(
      connectionParts({ ...advanced, sslRootCert: "" }).jdbcUrl,
      url.replace(basic.sqlDns, advanced.sqlDns),
    );
  });

  it("has the variables of libpq", () => {
    assert.deepEqual(connectionParts({ ...basic, database: "my db", sqlDns: "free.host" }).env, {
      PGHOST: "free.host",
      PGPORT: "26257",
      PGUSER: "app",
      PGPASSWORD: "secret",
      PGDATABASE: "my db",
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: "system",
      PGOPTIONS: "--cluster=orders-123",
    });
    const { env } = connectionParts({ ...basic, client: "node-postgres" });
    assert.equal("PGSSLROOTCERT" in env, false);
    assert.equal("PGOPTIONS" in env, false);
  });

  const names = ["my db", "pct%db", "a/b", "a&b=c+d", "q?", "h#", ".."];
  const encoded = (name: string) => encodeURIComponent(name);
  const namesInUrl: [ConnectionClient, (string | undefined)[]][] = [
    ["libpq", names.map(encoded)],
    ["jdbc", names.map(encoded)],
    ["node-postgres", ["my%20db", "pct%25db", "a/b", "a&b=c+d", undefined, undefined, undefined]],
    ["postgres.js", names.map(() => undefined)],
    ["sequelize", names.map(() => undefined)],
    ["sqlalchemy", names.map(() => undefined)],
  ];
  for (const [client, expected] of namesInUrl) {
    it(`has the name of a database as ${client} reads it, or refuses it`, () => {
      for (const [index, database] of names.entries()) {
        const inUrl = expected[index];
        const facts = { ...basic, client, database };
        if (inUrl === undefined) {
          assert.throws(() => connectionParts(facts), {
            message: `Client "${client}" would read another name than database "${database}" from a URL: rename it, or give the client the parts of connection({ user, database }).`,
          });
        } else {
          assert.ok(connectionParts(facts).url.includes(`:26257/${inUrl}?`));
        }
      }
    });
  }

  describe("to a region", () => {
    const [first] = basic.regions;
    assert.ok(first);
    const second = {
      ...first,
      name: "us-east1",
      sqlDns: "orders-123.jxf.gcp-us-east1.cockroachlabs.cloud",
      internalDns: "",
      privateEndpointDns: "private-orders-123.jxf.gcp-us-east1.cockroachlabs.cloud",
    };
    const several = { ...basic, regions: [first, second] };
    const privateHosts = {
      "us-east1": {
        internalDns: "internal-orders-123.new.host",
        privateEndpointDns: "private-orders-123.new.host",
      },
    };

    it("goes by its public, internal or private host, and needs no option there", () => {
      const hosts: [Partial<ConnectionFacts>, string][] = [
        [{}, basic.sqlDns],
        [{ via: "public", region: "us-east1" }, second.sqlDns],
        [{ region: "us-east1" }, second.sqlDns],
        [{ via: "internal", region: "us-central1" }, first.internalDns],
        [{ via: "private-endpoint", region: "us-east1" }, second.privateEndpointDns],
        [{ via: "internal", regions: [first] }, first.internalDns],
        [{ via: "internal", region: "us-east1", privateHosts }, "internal-orders-123.new.host"],
        [
          { via: "private-endpoint", region: "us-east1", privateHosts },
          "private-orders-123.new.host",
        ],
        [
          { via: "private-endpoint", region: "us-east1", endpointName: "orders-psc" },
          `orders-psc.${second.privateEndpointDns}`,
        ],
      ];
      for (const [wishes, host] of hosts) {
        const parts = connectionParts({ ...several, ...wishes });
        assert.equal(parts.host, host);
        assert.equal(parts.env.PGHOST, host);
        assert.ok(parts.url.includes(`@${host}:26257/`));
        assert.equal("options" in parts, false);
      }
    });

    it("is refused where the cluster has no such host", () => {
      const refusals: [Partial<ConnectionFacts>, string][] = [
        [
          { region: "mars" },
          'The cluster has no region "mars": its regions are "us-central1", "us-east1".',
        ],
        [
          { via: "internal" },
          'A connection via "internal" goes to one region of the cluster: give region as one of "us-central1", "us-east1".',
        ],
        [
          { via: "internal", region: "us-east1" },
          'Region "us-east1" has no host for via "internal": the cluster may still be starting, or its plan has none.',
        ],
        [
          { via: "private-endpoint", region: "us-central1" },
          'Region "us-central1" has no host for via "private-endpoint": there is none before the cluster\'s private endpoint services exist: give them as services, or run `pulumi refresh` when they do.',
        ],
      ];
      for (const [wishes, message] of refusals) {
        assert.throws(() => connectionParts({ ...several, ...wishes }), { message });
      }
    });
  });

  it("refuses what no client takes, and takes null for what is left out", () => {
    const refusals: [object, RegExp][] = [
      [{ client: "pg" }, /^The client of a connection is one of "libpq", .*"r2dbc", not "pg"\.$/],
      [{ client: "toString" }, /^The client of a connection is one of /],
      [
        { via: "vpn" },
        /^The via of a connection is one of "public", "internal", "private-endpoint", not "vpn"\.$/,
      ],
      [
        { via: "internal", endpointName: "psc" },
        /^The endpointName of a connection is of an endpoint of Private Service Connect: give it with via "private-endpoint" only\.$/,
      ],
      [
        { via: "private-endpoint", endpointName: "a.b" },
        /^The endpointName of a connection is the name that the endpoint has in Google Cloud, not "a\.b"\.$/,
      ],
      [
        { database: "" },
        /^The database of a connection is empty: leave it out for "defaultdb", or give a name\.$/,
      ],
      [{ user: "" }, /^The user of a connection is empty: give the name of a SQL user\.$/],
      [
        { client: "r2dbc", sqlDns: "free.host" },
        /^Client "r2dbc" cannot reach the cluster at free\.host, which needs the option --cluster=orders-123: use another client/,
      ],
    ];
    for (const [wishes, message] of refusals) {
      assert.throws(() => connectionParts({ ...basic, ...wishes }), { message });
    }
    const nothing = { database: null, client: null, via: null, region: null, sslRootCert: null };
    assert.deepEqual(connectionParts({ ...basic, ...nothing }), connectionParts(basic));
  });

  it("is refused without a password, and says what to do", () => {
    for (const password of [undefined, null, ""]) {
      assert.throws(() => connectionParts({ ...basic, password }), {
        message: /^The password of SQL user "app" is not known.*Pass one as password/,
      });
    }
  });
});
