// The program without AWS and without an account: mocks stand in for both.
import { strict as assert } from "node:assert";
import { before, describe, it } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { mocks, promiseOf } from "pulumi-cockroachdb-cloud/testing";

const network = { vpcId: "vpc-1", subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] };
const endpointId = "vpce-0123456789abcdef0";

describe("a private cluster", () => {
  // biome-ignore lint/suspicious/noExplicitAny: arguments of any resource
  const seen: Record<string, any> = {};
  let program: typeof import("./index");

  before(async () => {
    const ofAws: pulumi.runtime.Mocks = {
      call: ({ inputs }) => inputs,
      newResource: ({ inputs }) => ({ id: endpointId, state: inputs }),
    };
    const all = mocks({}, ofAws);
    await pulumi.runtime.setMocks({
      ...all,
      newResource(args) {
        seen[args.type.slice(args.type.lastIndexOf(":") + 1)] = args.inputs;
        return all.newResource(args);
      },
    });
    pulumi.runtime.setConfig("project:network", JSON.stringify(network));
    program = require("./index");
    await promiseOf(program.databaseUrl);
    await promiseOf(program.connectionStatus);
  });

  it("has an endpoint in the network of the application, to the service of its region", () => {
    const { serviceName, vpcEndpointType, ...where } = seen["VpcEndpoint"];
    assert.deepEqual(where, network);
    assert.equal(vpcEndpointType, "Interface");
    assert.match(serviceName, /^com\.amazonaws\.vpce\.us-east-1\.vpce-svc-/);
  });

  it("accepts the endpoint before AWS resolves its hosts", () => {
    const order = Object.keys(seen);
    assert.equal(seen["PrivateEndpointConnection"].endpointId, endpointId);
    assert.deepEqual(seen["EndpointPrivateDns"], {
      vpcEndpointId: endpointId,
      privateDnsEnabled: true,
    });
    assert.ok(order.indexOf("PrivateEndpointConnection") < order.indexOf("EndpointPrivateDns"));
  });

  it("is reached by its internal host, with a secret URL", async () => {
    const { hostname, pathname } = new URL(await promiseOf(program.databaseUrl));
    assert.match(hostname, /^internal-/);
    assert.equal(pathname, "/orders");
    assert.ok(await pulumi.isSecret(program.databaseUrl));
  });
});
