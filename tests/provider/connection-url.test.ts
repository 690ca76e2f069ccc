import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { ConnectionFacts } from "../../provider/connection-url";
import { connectionParts } from "../../provider/connection-url";

const basic: ConnectionFacts = {
  plan: "BASIC",
  sqlDns: "orders-123.jxf.gcp-us-central1.cockroachlabs.cloud",
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
    it(what, () => assert.equal(connectionParts(facts).url, url));

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
    const { url: _url, jdbcUrl: _jdbcUrl, ...parts } = connectionParts(basic);
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

  it("is refused without a password, and says what to do", () => {
    for (const password of [undefined, ""]) {
      assert.throws(() => connectionParts({ ...basic, password }), {
        message: /^The password of SQL user "app" is not known.*Pass one as password/,
      });
    }
  });
});
