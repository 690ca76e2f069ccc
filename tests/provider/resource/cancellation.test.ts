// Operations that are ended at each of their requests, of what resources have alone.

import type { ResourceType } from "../../../provider/resource/resource-types";
import type { Scene } from "../../conformance/scenes";
import { endsEarly, withFault } from "../../conformance/scenes";
import { advanced } from "../../support/builders";
import { beingCreated, bodyOf } from "../../support/cluster-parts";
import { checkEmulators } from "../../support/emulator";
import { assertDone } from "../../support/engine-model/run";
import { partArguments } from "../../support/kinds";

type Properties = Record<string, unknown>;

const creation = (type: ResourceType, args: Properties): Scene => ({
  ...{ type, operation: "create", title: "" },
  before: async () => {},
  run: (world, options) => world.up({ ...world.place, ...args }, options),
});

const { SqlUser: user, MaintenanceWindow: window } = partArguments;
const large = advanced({ regionNodes: { "us-east-1": 4 } }, { labels: { team: "a" } });

let clusterId = "";

const scenes: Scene[] = [
  { ...creation("Cluster", advanced()), title: "with nodes of its own" },
  {
    ...creation("Cluster", large),
    ...{ operation: "update", title: "with nodes of its own" },
    before: async (world) => assertDone(await world.up(advanced())),
  },
  {
    ...creation("Cluster", advanced()),
    ...{ operation: "delete", title: "with nodes of its own" },
    before: async (world) => assertDone(await world.up(advanced())),
    run: async (world, options) => {
      assertDone(await world.up(advanced(), options));
      return await world.stack.destroy();
    },
  },
  withFault(
    creation("SqlUser", user.first),
    "CreateSQLUser",
    { status: 400 },
    {
      title: "that is refused",
      failure: / 400 scripted fault/,
      optionalAfter: "CreateSQLUser",
    },
  ),
  withFault(
    creation("MaintenanceWindow", window.first),
    "SetMaintenanceWindow",
    { status: 200, body: {} },
    {
      title: "whose response does not show it",
      failure: /the API accepted it, and shows none afterwards/,
    },
  ),
  {
    ...creation("AllowlistEntry", {}),
    title: "of what the service has made",
    async before({ emulator }) {
      clusterId = emulator.clusters.create(bodyOf("BASIC", "small-one") as never).id;
    },
    run: (world, options) =>
      world.up({ clusterId, cidrIp: "0.0.0.0", cidrMask: 0, sql: true, ui: false }, options),
  },
  {
    ...creation("SqlUser", {}),
    title: "on a cluster that is being created",
    async before({ emulator }) {
      clusterId = await beingCreated(emulator);
    },
    run: (world, options) => world.up({ ...user.first, clusterId }, options),
  },
];

describe("An operation", () => {
  checkEmulators();

  for (const scene of scenes) endsEarly(scene);
});
