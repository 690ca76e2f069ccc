import { strict as assert } from "node:assert";
import type { CmekKeySpec } from "../../../provider/cmek/args";
import type { Inputs } from "../../../provider/cmek/schema";
import type { State } from "../../../provider/cmek/wire";
import {
  changedProperties,
  differences,
  dueKeys,
  hasKey,
  hasUnfinishedWork,
  isRevoked,
  isRunning,
  reasonOf,
  refreshedInputs,
  toState,
} from "../../../provider/cmek/wire";
import type { WireCmekClusterInfo, WireCmekKeyInfo, WireCmekRegionInfo } from "../../../sdk";
import { unknown } from "../../support/engine-model/values";

const clusterId = "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11";

/** A key of the API; `at` is the day in January on which it was updated, `made` that on which it was given. */
function wireKey(
  uri: string,
  { status = "ENABLED", at = 0, made = 0, message = "", principal = "role" } = {},
): WireCmekKeyInfo {
  const day = (n: number) => `2026-01-0${n}T00:00:00Z`;
  return {
    status,
    user_message: message,
    spec: { type: "AWS_KMS", uri, auth_principal: principal },
    ...(made === 0 ? {} : { created_at: day(made) }),
    ...(at === 0 ? {} : { updated_at: day(at) }),
  };
}

const wireRegion = (
  region: string,
  status = "ENABLED",
  ...key_infos: WireCmekKeyInfo[]
): WireCmekRegionInfo => ({ region, status, key_infos });

const wireInfo = (status: string, ...region_infos: WireCmekRegionInfo[]): WireCmekClusterInfo => ({
  status,
  region_infos,
});

const keySpec = (uri: string, authPrincipal = "role"): CmekKeySpec => ({
  type: "AWS_KMS",
  uri,
  authPrincipal,
});

const spec = (region: string, uri: string, principal?: string) => ({
  region,
  keySpec: keySpec(uri, principal),
});

const inputs = (...regionSpecs: Inputs["regionSpecs"]): Inputs => ({ clusterId, regionSpecs });

describe("The state of encryption keys", () => {
  it("is what the API returns, by region, without what it does not return", () => {
    const info = wireInfo(
      "ENABLED",
      wireRegion("us-west-2", "ENABLED", wireKey("w", { at: 2, made: 1 })),
      wireRegion("eu-west-1", "ENABLED", wireKey("e")),
      wireRegion("us-east-1", "ENABLING", { status: "ENABLING", user_message: "" }),
      wireRegion("ap-south-1", "DISABLED"),
    );
    const key = { status: "ENABLED", userMessage: "" };
    assert.deepEqual(toState(clusterId, info, { revokeOnDelete: true }), {
      clusterId,
      regionSpecs: [spec("eu-west-1", "e"), spec("us-west-2", "w")],
      revoked: false,
      revokeOnDelete: true,
      status: "ENABLED",
      regions: [
        { region: "ap-south-1", status: "DISABLED", userMessage: "", keyInfos: [] },
        {
          region: "eu-west-1",
          status: "ENABLED",
          userMessage: "",
          keyInfos: [{ ...key, keySpec: keySpec("e") }],
        },
        {
          region: "us-east-1",
          status: "ENABLING",
          userMessage: "",
          keyInfos: [{ status: "ENABLING", userMessage: "" }],
        },
        {
          region: "us-west-2",
          status: "ENABLED",
          userMessage: "",
          keyInfos: [
            {
              ...key,
              keySpec: keySpec("w"),
              createdAt: "2026-01-01T00:00:00Z",
              updatedAt: "2026-01-02T00:00:00Z",
            },
          ],
        },
      ],
    } satisfies State);
  });

  const unreported: WireCmekKeyInfo = { status: "ENABLED", user_message: "" };
  const orders: [string, WireCmekKeyInfo[], (string | undefined)[]][] = [
    [
      "the newest",
      [wireKey("a", { at: 1 }), wireKey("b", { at: 3 }), wireKey("c", { at: 2 })],
      ["b", "c", "a"],
    ],
    [
      "the newest of one day",
      [wireKey("a", { at: 3, made: 1 }), wireKey("b", { at: 3, made: 2 })],
      ["b", "a"],
    ],
    [
      "the newest, also when it was given first",
      [wireKey("a", { at: 2, made: 2 }), wireKey("b", { at: 3, made: 1 })],
      ["b", "a"],
    ],
    ["one with a time", [wireKey("a"), wireKey("b", { at: 1 })], ["b", "a"]],
    ["the first where none has a time", [wireKey("a"), wireKey("b")], ["a", "b"]],
    [
      "an enabled one",
      [wireKey("a", { at: 3, status: "ENABLE_FAILED" }), wireKey("b", { at: 1 })],
      ["b", "a"],
    ],
    [
      "where none is enabled, one that is not past",
      [wireKey("a", { at: 3, status: "DISABLED" }), wireKey("b", { at: 1, status: "REVOKED" })],
      ["b", "a"],
    ],
    [
      "the newest where all are past",
      [wireKey("a", { at: 1, status: "DISABLED" }), wireKey("b", { at: 2, status: "DISABLED" })],
      ["b", "a"],
    ],
    [
      "one that the API returns",
      [unreported, wireKey("a", { status: "DISABLED" })],
      ["a", undefined],
    ],
  ];
  for (const [title, keys, order] of orders) {
    it(`has as the present key ${title}, and the others by age`, () => {
      const state = toState(
        clusterId,
        wireInfo("ENABLED", wireRegion("r", "ENABLED", ...keys)),
        {},
      );
      const [region] = state.regions;
      assert.deepEqual(
        region?.keyInfos.map((key) => key.keySpec?.uri),
        order,
      );
      assert.deepEqual(state.regionSpecs, [spec("r", order[0] ?? "")]);
    });
  }

  it("gives the newest reason of a failure, and none of one that is over", () => {
    const keys = [
      wireKey("a", { at: 1, message: "old" }),
      wireKey("b", { at: 2, message: "new" }),
      wireKey("c", { at: 3 }),
    ];
    assert.equal(reasonOf(wireRegion("r", "ROTATE_FAILED", ...keys)), "new");
    assert.equal(reasonOf(wireRegion("r", "ENABLED", ...keys)), "");
    assert.equal(reasonOf(wireRegion("r", "ENABLE_FAILED", wireKey("a"))), "");
    assert.equal(reasonOf(wireRegion("r", "ENABLE_FAILED")), "");
  });

  const revoked: [string, WireCmekClusterInfo, boolean][] = [
    ["the cluster says so", wireInfo("REVOKED"), true],
    ["the cluster says so before its regions", wireInfo("REVOKED", wireRegion("a")), true],
    [
      "all regions say so",
      wireInfo("ENABLED", wireRegion("a", "REVOKED"), wireRegion("b", "REVOKED")),
      true,
    ],
    [
      "not all regions say so",
      wireInfo("REVOKING", wireRegion("a", "REVOKED"), wireRegion("b")),
      false,
    ],
    ["no region says so", wireInfo("ENABLED", wireRegion("a")), false],
    ["there is no region", wireInfo("ENABLING"), false],
  ];
  for (const [title, info, is] of revoked) {
    it(`is ${is ? "" : "not "}revoked when ${title}`, () => {
      assert.equal(isRevoked(info), is);
      assert.equal(toState(clusterId, info, {}).revoked, is);
    });
  }

  it("is on its way in every status that is neither an end nor a failure", () => {
    const running = [
      "ENABLED",
      "DISABLED",
      "REVOKED",
      "ENABLE_FAILED",
      "ROTATING",
      "NEWLY_NAMED",
    ].filter(isRunning);
    assert.deepEqual(running, ["ROTATING", "NEWLY_NAMED"]);
  });
});

describe("Keys that have to be sent", () => {
  it("are those of regions without one, with another one, or whose operation has failed", () => {
    const info = wireInfo(
      "ENABLED",
      wireRegion("same", "ENABLED", wireKey("k")),
      wireRegion("other", "ENABLED", wireKey("x")),
      wireRegion("not-enabled", "ENABLE_FAILED", wireKey("k")),
      wireRegion("not-rotated", "ROTATE_FAILED", wireKey("k")),
      wireRegion("not-revoked", "REVOKE_FAILED", wireKey("k")),
      wireRegion("untold"),
    );
    const regions = ["same", "other", "not-enabled", "not-rotated", "not-revoked", "untold", "new"];
    assert.deepEqual(
      dueKeys(
        info,
        regions.map((region) => spec(region, "k")),
      ).map(({ region }) => region),
      ["other", "not-enabled", "not-rotated", "new"],
    );
  });

  it("are none where the API does not report what differs", () => {
    assert.equal(
      hasKey(wireRegion("r", "ENABLED", wireKey("k", { principal: "" })), keySpec("k")),
      true,
    );
    assert.equal(
      hasKey(wireRegion("r", "ENABLED", wireKey("", { principal: "x" })), keySpec("k")),
      false,
    );
    assert.equal(hasKey(wireRegion("r"), keySpec("k")), true);
  });
});

describe("Differences between keys in use and a program", () => {
  const info = wireInfo(
    "ENABLED",
    wireRegion("a", "ENABLED", wireKey("ka")),
    wireRegion("b", "ENABLE_FAILED", wireKey("kb")),
    wireRegion("c", "ENABLED"),
  );

  const rows: [string, WireCmekClusterInfo, Inputs, string[]][] = [
    [
      "none",
      wireInfo("ENABLED", wireRegion("a", "ENABLED", wireKey("k"))),
      inputs(spec("a", "k")),
      [],
    ],
    [
      "every member",
      wireInfo("ENABLED", wireRegion("a", "ENABLED", wireKey("k"))),
      inputs(spec("a", "x", "y")),
      [
        'uri of region a is "k" but the program has "x"',
        'authPrincipal of region a is "role" but the program has "y"',
      ],
    ],
    [
      "no key of a region that was never enabled",
      info,
      inputs(spec("a", "ka"), spec("b", "other"), spec("c", "kc")),
      ["region c has no key and the program names one"],
    ],
    [
      "regions that the program does not name",
      info,
      inputs(spec("a", "ka"), spec("d", "kd")),
      [
        "region d has no key and the program names one",
        'region b has the key "kb" and the program does not name it',
        'region c has the key "" and the program does not name it',
      ],
    ],
    [
      "nothing but revocation",
      wireInfo("REVOKED", wireRegion("a", "REVOKED", wireKey("k"))),
      inputs(spec("a", "x")),
      ["revoked is true but the program has false"],
    ],
    [
      "nothing once both say revoked",
      wireInfo("REVOKED", wireRegion("a", "REVOKED", wireKey("k"))),
      { ...inputs(spec("a", "x")), revoked: true },
      [],
    ],
  ];
  for (const [title, is, says, reported] of rows) {
    it(`are reported: ${title}`, () => assert.deepEqual(differences(is, says), reported));
  }
});

describe("Arguments of encryption keys after a refresh", () => {
  const enabled = toState(
    clusterId,
    wireInfo(
      "ENABLED",
      wireRegion("a", "ENABLED", wireKey("ka")),
      wireRegion("b", "ENABLED", wireKey("kb", { principal: "" })),
      wireRegion("c"),
    ),
    {},
  );
  const deleted = toState(
    clusterId,
    wireInfo("REVOKED", wireRegion("a", "REVOKED", wireKey("ka"))),
    {},
  );

  const rows: [string, Partial<Inputs>, State, Inputs][] = [
    [
      "are those in use where the program said none",
      {},
      enabled,
      inputs(spec("a", "ka"), spec("b", "kb", "")),
    ],
    [
      "keep the order, what the API does not return, and regions whose key it does not return",
      inputs(spec("c", "kc"), spec("b", "kb", "mine"), spec("a", "ka")),
      enabled,
      inputs(spec("c", "kc"), spec("b", "kb", "mine"), spec("a", "ka")),
    ],
    [
      "have another key, and lack a region that is lost",
      inputs(spec("a", "x"), spec("d", "kd")),
      enabled,
      inputs(spec("a", "ka")),
    ],
    [
      "say what was said of revocation when it is so",
      { ...inputs(spec("a", "ka")), revoked: false, revokeOnDelete: false },
      enabled,
      { ...inputs(spec("a", "ka")), revoked: false, revokeOnDelete: false },
    ],
    [
      "say a revocation, and leave the keys as they were said",
      { ...inputs(spec("a", "x")), revokeOnDelete: true },
      deleted,
      { ...inputs(spec("a", "x")), revoked: true, revokeOnDelete: true },
    ],
    [
      "say that access is restored",
      { ...inputs(spec("a", "ka")), revoked: true },
      enabled,
      { ...inputs(spec("a", "ka")), revoked: false },
    ],
  ];
  for (const [title, asked, state, found] of rows) {
    it(title, () => assert.deepEqual(refreshedInputs(asked, state), found));
  }
});

describe("Work on encryption keys", () => {
  const state = toState(
    clusterId,
    wireInfo("ROTATING", wireRegion("a", "ROTATING", wireKey("k"))),
    {},
  );

  it("is unfinished unless the program revokes, or its keys are not known", () => {
    const news = inputs(spec("a", "k"));
    assert.equal(hasUnfinishedWork(state, news), true);
    assert.equal(hasUnfinishedWork(state, { ...news, revoked: true }), false);
    assert.equal(hasUnfinishedWork(state, { ...news, regionSpecs: unknown as never }), false);
  });

  it("is none on what the API does not report", () => {
    const reported = { ...state, regionSpecs: [spec("a", "k", "")] };
    assert.deepEqual(changedProperties(reported, inputs(spec("a", "k", "role"))), []);
  });
});
