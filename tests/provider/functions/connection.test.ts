// The connection to a cluster as a function, for languages that have no methods of resources.
import assert from "node:assert/strict";
import { callFunction } from "../../../provider/functions/call";
import type { GetConnectionArgs } from "../../../provider/functions/connection";
import { connection } from "../../../provider/functions/connection";
import { checkEmulators } from "../../support/emulator";
import { labForEachTest } from "../../support/program-lab";

describe("The function getConnection", () => {
  checkEmulators();

  const lab = labForEachTest();

  const get = (args: Partial<GetConnectionArgs>) =>
    callFunction(
      connection,
      { user: "app", password: "a-secret-b", ...args } as GetConnectionArgs,
      undefined,
    );

  it("reads the cluster once, and returns the URL of the client that is asked for", async () => {
    const { id, sql_dns } = lab.standard("orders");
    const { url, host, env } = await get({
      clusterId: id,
      database: "shop",
      client: "node-postgres",
    });
    assert.equal(host, sql_dns);
    assert.equal(url, `postgresql://app:a-secret-b@${sql_dns}:26257/shop?sslmode=verify-full`);
    assert.equal(env.PGDATABASE, "shop");
    assert.equal(lab.emulator.requests.length, 1);
  });

  it("leads to an endpoint of Private Service Connect by its name, and takes one only for that", async () => {
    const { id } = lab.standard("orders");
    const [region = assert.fail()] = lab.emulator.clusters.get(id).regions;
    const body = {
      ...lab.emulator.clusters.get(id),
      regions: [{ ...region, private_endpoint_dns: "private-orders.example.com" }],
    };
    lab.emulator.faults.add("GetCluster", { status: 200, body });
    const psc = { clusterId: id, via: "private-endpoint", endpointName: "orders-psc" } as const;
    const { host } = await get(psc);
    assert.equal(host, "orders-psc.private-orders.example.com");
    await assert.rejects(
      get({ ...psc, via: "internal" }),
      /^ArgumentError: The endpointName of a connection is of an endpoint of Private Service Connect/,
    );
  });

  it("refuses without a request what no cluster could make good", async () => {
    const { id } = lab.standard("orders");
    await assert.rejects(
      get({ clusterId: id, client: "odbc" as never }),
      /^ArgumentError: The client of a connection is one of/,
    );
    await assert.rejects(
      get({ clusterId: id, user: "" }),
      /getConnection needs user, the name of a SQL user/,
    );
    await assert.rejects(get({}), /getConnection needs clusterId/);
    assert.equal(lab.emulator.requests.length, 0);
  });

  it("fails readably where the cluster has no such region, and where there is no password", async () => {
    const { id } = lab.standard("orders");
    await assert.rejects(
      get({ clusterId: id, via: "internal", region: "eu-west-1" }),
      (error: Error) => {
        assert.match(error.message, /eu-west-1/);
        return error.stack === "";
      },
    );
    await assert.rejects(
      get({ clusterId: id, password: "" }),
      /The password of SQL user "app" is not known/,
    );
  });
});
