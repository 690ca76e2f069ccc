import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { inputsSchema } from "../../provider/cmek/schema";
import { lifecycle } from "../../provider/cmek-config";
import { awsKey, keyOf, threeKeys } from "../support/cmek";

const clusterId = "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11";
const otherId = "0d7f3c55-5c0f-4a1e-8a53-6b8a4b8e1a10";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

// Arguments before they are checked: tests put wrong values in too.
// biome-ignore lint/suspicious/noExplicitAny: arguments of any shape
type Any = any;

const valid = (others: Any = {}): Any => ({ clusterId, regionSpecs: threeKeys(), ...others });

const failuresOf = (news: Any, olds: Any = {}) =>
  lifecycle.check(olds, news).failures.map(({ property, reason }) => `${property}: ${reason}`);

/** The outputs when all regions are as the arguments say. */
const stateOf = ({ regionSpecs, revoked = false, revokeOnDelete = false }: Any): Any => ({
  clusterId,
  regionSpecs: [...regionSpecs].sort((a, b) => (a.region < b.region ? -1 : 1)),
  revoked,
  revokeOnDelete,
  status: revoked ? "REVOKED" : "ENABLED",
  regions: regionSpecs.map(({ region, keySpec }: Any) => ({
    region,
    status: revoked ? "REVOKED" : "ENABLED",
    userMessage: "",
    keyInfos: [{ status: "ENABLED", userMessage: "", keySpec }],
  })),
});

const diffOf = (state: Any, news: Any, isFromBridge = false) => {
  const { updates, replaces } = lifecycle.diff(
    clusterId,
    { state, inputs: {}, isFromBridge },
    news,
  );
  return { updates, replaces };
};

describe("CmekConfig check", () => {
  it("takes the keys of every cloud", () => {
    for (const key of Object.values(keyOf)) {
      assert.deepEqual(failuresOf(valid({ regionSpecs: [key] })), []);
    }
    assert.deepEqual(failuresOf(valid({ revoked: false, revokeOnDelete: true })), []);
  });

  const withSpec = (member: string, value: unknown, key: Any = awsKey("us-east-1")) =>
    valid({ regionSpecs: [{ ...key, keySpec: { ...key.keySpec, [member]: value } }] });

  const wellFormed: [string, Any][] = [
    [
      "a key in a partition",
      withSpec("uri", "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/a"),
    ],
    ["a key of several regions", withSpec("uri", "arn:aws:kms:eu-west-1:111122223333:key/mrk-0a")],
    ["a role with a path", withSpec("authPrincipal", "arn:aws:iam::111122223333:role/db/cmek.1")],
    ["a tenant in capitals", withSpec("authPrincipal", otherId.toUpperCase(), keyOf.AZURE)],
  ];
  for (const [title, news] of wellFormed) {
    it(`takes ${title}`, () => assert.deepEqual(failuresOf(news), []));
  }

  const malformed: [string, Any, RegExp][] = [
    ["no cluster", { regionSpecs: threeKeys() }, /^clusterId: is required: give a string/],
    ["a cluster that is no id", valid({ clusterId: "orders" }), /^clusterId: must be the id/],
    ["no keys", { clusterId }, /^regionSpecs: is required: give a list/],
    ["an empty list", valid({ regionSpecs: [] }), /^regionSpecs: must have a key for each region/],
    [
      "a region without a name",
      valid({ regionSpecs: [{ ...awsKey("us-east-1"), region: "" }] }),
      /^regionSpecs\[0\]\.region: must name a region/,
    ],
    [
      "a region twice",
      valid({ regionSpecs: [awsKey("a"), awsKey("b"), awsKey("a", "other")] }),
      /^regionSpecs\[2\]\.region: names the string "a" a second time/,
    ],
    [
      "a misspelt member",
      valid({ regionSpecs: [{ ...awsKey("a"), key: 1 }] }),
      /^regionSpecs\[0\]\.key: is not an argument here/,
    ],
    [
      "a type that does not exist",
      withSpec("type", "NULL_KMS"),
      /^regionSpecs\[0\]\.keySpec\.type: must be one of "AWS_KMS", "GCP_CLOUD_KMS", "AZURE_KEY_VAULT"/,
    ],
    [
      "keys of two clouds",
      valid({ regionSpecs: [awsKey("us-east-1"), keyOf.GCP] }),
      /^regionSpecs\[1\]\.keySpec\.type: must be AWS_KMS as before: a cluster runs on one cloud/,
    ],
    [
      "an alias on AWS",
      withSpec("uri", "arn:aws:kms:us-east-1:111122223333:alias/orders"),
      /^regionSpecs\[0\]\.keySpec\.uri: must be the ARN of a key, arn:aws:kms:<region>:<account>:key\/<id>, for type AWS_KMS, not the string "arn:aws:kms/,
    ],
    ["the id of a key", withSpec("uri", "1234abcd"), /keySpec\.uri: must be the ARN of a key/],
    [
      "a user in place of a role",
      withSpec("authPrincipal", "arn:aws:iam::111122223333:user/me"),
      /keySpec\.authPrincipal: must be the ARN of an IAM role/,
    ],
    [
      "a key of AWS as one of Google",
      withSpec("uri", awsKey("a").keySpec.uri, keyOf.GCP),
      /keySpec\.uri: must be the resource name of a key, projects\//,
    ],
    [
      "a version of a key of Google",
      withSpec("uri", `${keyOf.GCP.keySpec.uri}/cryptoKeyVersions/1`, keyOf.GCP),
      /keySpec\.uri: must be the resource name/,
    ],
    [
      "a person in place of a service account",
      withSpec("authPrincipal", "me@example.com", keyOf.GCP),
      /keySpec\.authPrincipal: must be the e-mail address of a service account/,
    ],
    [
      "a key of Azure without its version",
      withSpec("uri", "https://shop.vault.azure.net/keys/orders", keyOf.AZURE),
      /keySpec\.uri: must be a key identifier with its version/,
    ],
    [
      "the name of a tenant",
      withSpec("authPrincipal", "example.onmicrosoft.com", keyOf.AZURE),
      /keySpec\.authPrincipal: must be the id of a tenant, a UUID/,
    ],
    ["a text for revoked", valid({ revoked: "yes" }), /^revoked: must be true or false/],
    ["a member more", valid({ cluster: 1 }), /^cluster: is not an argument here/],
  ];
  for (const [title, news, reason] of malformed) {
    it(`refuses ${title}`, () => {
      const failures = failuresOf(news);
      assert.equal(failures.length, 1, failures.join(" | "));
      assert.match(failures[0] ?? "", reason);
    });
  }

  it("reports all problems at once, each on its property", () => {
    const regionSpecs = [
      { region: "a", keySpec: { type: "AWS_KMS", uri: "x", authPrincipal: "y" } },
      { region: "a", keySpec: { type: "AZURE_KEY_VAULT", uri: "x" } },
    ];
    const { failures } = lifecycle.check({}, valid({ regionSpecs, revoked: 1 }));
    assert.deepEqual(failures.map(({ property }) => property).sort(), [
      "regionSpecs[0].keySpec.authPrincipal",
      "regionSpecs[0].keySpec.uri",
      "regionSpecs[1].keySpec.authPrincipal",
      "regionSpecs[1].keySpec.type",
      "regionSpecs[1].keySpec.uri",
      "regionSpecs[1].region",
      "revoked",
    ]);
  });

  describe("of a change", () => {
    const [first, ...others] = threeKeys();
    const revoked = valid({ revoked: true });

    const refused: [string, Any, Any, RegExp][] = [
      ["to take the revocation back", revoked, valid(), /^revoked: must stay true: .*support of/],
      ["to say false", revoked, valid({ revoked: false }), /^revoked: must stay true/],
      [
        "to remove a region",
        valid(),
        valid({ regionSpecs: others }),
        /^regionSpecs\.us-west-2: must stay, because a region cannot be decrypted\. .*pulumi up --refresh/,
      ],
    ];
    for (const [title, olds, news, reason] of refused) {
      it(`refuses ${title}`, () => {
        const failures = failuresOf(news, olds);
        assert.equal(failures.length, 1, failures.join(" | "));
        assert.match(failures[0] ?? "", reason);
      });
    }

    it("says once that regions lack their names", () => {
      const nameless = [first, ...others].map((key) => ({ keySpec: key?.keySpec }));
      for (const regionSpecs of [nameless, [...others, ...nameless.slice(2)]]) {
        for (const failure of failuresOf(valid({ regionSpecs }), valid())) {
          assert.match(failure, /^regionSpecs\[\d\]\.region: is required/);
        }
      }
    });

    it("takes two regions that are not known yet", () => {
      const key = { ...first, region: unknown };
      assert.deepEqual(failuresOf(valid({ regionSpecs: [key, key] })), []);
    });

    const taken: [string, Any, Any][] = [
      ["another order", valid(), valid({ regionSpecs: [...others, first] })],
      ["another key", valid(), valid({ regionSpecs: [awsKey("us-west-2", "b"), ...others] })],
      ["a region more", valid({ regionSpecs: others }), valid()],
      ["revocation", valid(), revoked],
      ["no change of what is revoked", revoked, revoked],
      ["another cluster with other regions", revoked, { clusterId: otherId, regionSpecs: [first] }],
      ["a cluster that is not known yet", revoked, { clusterId: unknown, regionSpecs: [first] }],
      [
        "a region that is not known yet",
        valid(),
        valid({ regionSpecs: [first, { region: unknown, keySpec: awsKey("x").keySpec }] }),
      ],
      ["a key that is not known at all", valid(), valid({ regionSpecs: [first, unknown] })],
      ["keys that are not known yet", valid(), valid({ regionSpecs: unknown })],
      ["a revocation that is not known yet", revoked, valid({ revoked: unknown })],
    ];
    for (const [title, olds, news] of taken) {
      it(`takes ${title}`, () => assert.deepEqual(failuresOf(news, olds), []));
    }
  });

  describe("says", () => {
    const notesOf = (olds: Any, news: Any) =>
      lifecycle.check(olds, news).notes.map(({ severity, message }) => `${severity}: ${message}`);
    const [first, ...others] = threeKeys();
    const said: [string, Any, Any, RegExp][] = [
      [
        "what a revocation costs",
        valid(),
        valid({ revoked: true }),
        /^warning: Revoking access to the keys makes the data of the cluster unreadable, for good/,
      ],
      [
        "that a new resource revokes nothing",
        {},
        valid({ revoked: true }),
        /^warning: revoked: true on a new resource adopts keys that are revoked already/,
      ],
      [
        "that another cluster leaves the old one encrypted",
        valid(),
        valid({ clusterId: otherId }),
        new RegExp(
          `^warning: Cluster ${clusterId} stays encrypted .*only removes it from the state`,
        ),
      ],
      [
        "that another cluster revokes the keys of the old one",
        valid({ revokeOnDelete: true }),
        valid({ clusterId: otherId }),
        new RegExp(`^warning: Access to the keys of cluster ${clusterId} is revoked`),
      ],
      [
        "which regions get another key",
        valid(),
        valid({ regionSpecs: [...others, awsKey("us-west-2", "b")] }),
        /^info: Rotates the key of us-west-2\. Keep the former key/,
      ],
    ];
    for (const [title, olds, news, text] of said) {
      it(title, () => {
        const notes = notesOf(olds, news);
        assert.equal(notes.length, 1, notes.join(" | "));
        assert.match(notes[0] ?? "", text);
      });
    }

    const silent: [string, Any, Any][] = [
      ["a new resource", {}, valid()],
      ["no change", valid(), valid()],
      ["a region more", valid({ regionSpecs: others }), valid()],
      ["what is revoked already", valid({ revoked: true }), valid({ revoked: true })],
      ["a cluster that is not known yet", valid(), valid({ clusterId: unknown })],
      ["keys that are not known yet", valid(), valid({ regionSpecs: [first, unknown, null] })],
      ["the state of another provider", { regionSpecs: threeKeys() }, valid()],
      ["arguments that are no keys", { ...valid(), regionSpecs: undefined }, valid()],
      ["keys that are no list", valid(), valid({ regionSpecs: "none" })],
      ["no key in place of one", valid(), valid({ regionSpecs: [null, { region: "x" }] })],
      [
        "keys of which the state knows little",
        valid({ regionSpecs: [null, {}, { region: "us-west-2" }, { region: "x", keySpec: null }] }),
        valid(),
      ],
    ];
    for (const [title, olds, news] of silent) {
      it(`nothing about ${title}`, () => assert.deepEqual(notesOf(olds, news), []));
    }
  });
});

describe("CmekConfig diff", () => {
  const [west, ...others] = threeKeys();
  const state = stateOf(valid());
  const none = { updates: [], replaces: [] };
  const withRegion = (status: string, base = state) => ({
    ...base,
    status,
    regions: base.regions.map((region: Any, index: number) =>
      index === 0 ? { ...region, status } : region,
    ),
  });

  const cases: [string, Any, Any, Any][] = [
    ["nothing when nothing differs", state, valid(), none],
    ["nothing for another order", state, valid({ regionSpecs: [...others, west] }), none],
    [
      "nothing for false in place of left out",
      state,
      valid({ revoked: false, revokeOnDelete: false }),
      none,
    ],
    [
      "nothing for a region that the program does not name",
      state,
      valid({ regionSpecs: others }),
      none,
    ],
    [
      "an update for another key",
      state,
      valid({ regionSpecs: [awsKey("us-west-2", "b"), ...others] }),
      { updates: ["regionSpecs"], replaces: [] },
    ],
    [
      "an update for another principal",
      state,
      valid({
        regionSpecs: [{ ...west, keySpec: { ...west?.keySpec, authPrincipal: "x" } }, ...others],
      }),
      { updates: ["regionSpecs"], replaces: [] },
    ],
    [
      "an update for a region more",
      stateOf(valid({ regionSpecs: others })),
      valid(),
      { updates: ["regionSpecs"], replaces: [] },
    ],
    [
      "an update for revocation",
      state,
      valid({ revoked: true }),
      { updates: ["revoked"], replaces: [] },
    ],
    [
      "an update for revokeOnDelete",
      state,
      valid({ revokeOnDelete: true }),
      { updates: ["revokeOnDelete"], replaces: [] },
    ],
    [
      "a replacement for another cluster",
      state,
      valid({ clusterId: otherId }),
      { updates: [], replaces: ["clusterId"] },
    ],
    [
      "nothing for keys of what is revoked",
      stateOf(valid({ revoked: true })),
      valid({ revoked: true, regionSpecs: [awsKey("us-west-2", "b")] }),
      none,
    ],
    [
      "an update for access that is restored",
      state,
      valid({ revoked: true }),
      { updates: ["revoked"], replaces: [] },
    ],
    ...["ENABLING", "ROTATING", "ENABLE_FAILED", "ROTATE_FAILED", "REVOKING"].map(
      (status): [string, Any, Any, Any] => [
        `an update for work that is ${status}`,
        withRegion(status),
        valid(),
        { updates: ["status"], replaces: [] },
      ],
    ),
    [
      "nothing for a failed revocation that is no longer wanted",
      withRegion("REVOKE_FAILED"),
      valid(),
      none,
    ],
    [
      "nothing for work on a region that the program does not name",
      withRegion("ROTATING"),
      valid({ regionSpecs: others }),
      none,
    ],
    [
      "an update for keys that are not known yet",
      state,
      valid({ regionSpecs: unknown }),
      { updates: ["regionSpecs"], replaces: [] },
    ],
    [
      "an update for a key that is not known yet",
      state,
      valid({
        regionSpecs: [
          { region: "us-west-2", keySpec: { ...west?.keySpec, uri: unknown } },
          ...others,
        ],
      }),
      { updates: ["regionSpecs"], replaces: [] },
    ],
    [
      "a replacement for a cluster that is not known yet",
      state,
      valid({ clusterId: unknown }),
      { updates: [], replaces: ["clusterId"] },
    ],
    [
      "an update for a revocation that is not known yet",
      state,
      valid({ revoked: unknown }),
      { updates: ["revoked"], replaces: [] },
    ],
    [
      "an update for revokeOnDelete that is not known yet",
      state,
      valid({ revokeOnDelete: unknown }),
      { updates: ["revokeOnDelete"], replaces: [] },
    ],
  ];
  for (const [title, before, news, outcome] of cases) {
    it(`says ${title}`, () => assert.deepEqual(diffOf(before, news), outcome));
  }

  it("reads nothing of a state that another provider wrote but the id", () => {
    assert.deepEqual(diffOf({ id: clusterId, status: "ENABLED" }, valid(), true), none);
    assert.deepEqual(diffOf({}, valid({ clusterId: otherId }), true).replaces, ["clusterId"]);
  });
});

describe("CmekConfig with unknown values", () => {
  const complete = valid({ revoked: false, revokeOnDelete: true });
  type Path = (string | number)[];
  const pathsOf = (value: Any, path: Path = []): Path[] => {
    const own = path.length === 0 ? [] : [path];
    if (typeof value !== "object") return own;
    const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
    return [...own, ...keys.flatMap((key) => pathsOf(value[key], [...path, key]))];
  };
  const withValue = (path: Path, value: unknown): Any => {
    const copy = structuredClone(complete);
    const parent = path.slice(0, -1).reduce<Any>((place, key) => place[key], copy);
    parent[path.at(-1) ?? ""] = value;
    return copy;
  };

  for (const path of pathsOf(complete)) {
    it(`is valid and seen with ${path.join(".")} unknown`, () => {
      const news = withValue(path, unknown);
      assert.deepEqual(failuresOf(news), []);
      assert.deepEqual(failuresOf(news, complete), []);
      const { updates, replaces } = diffOf(stateOf(complete), news);
      assert.deepEqual([...updates, ...replaces], [path[0]]);
    });
  }

  it("finds what is wrong beside them", () => {
    const news = withValue(["regionSpecs", 0], unknown);
    news.regionSpecs[1].keySpec.uri = "x";
    assert.equal(failuresOf(news).length, 1);
  });

  it("never throws, whatever the arguments are", () => {
    const anything = fc.anything({ maxDepth: 4 });
    const [argument, spec] = [
      fc.record({ clusterId: anything, regionSpecs: anything, revoked: anything }),
      fc.record({ region: anything, keySpec: anything }),
    ];
    void fc.assert(
      fc.property(argument, spec, (news, one) => {
        lifecycle.check({}, news);
        lifecycle.check(complete, news);
        lifecycle.check(complete, { ...news, regionSpecs: [one, one] });
      }),
      {
        // No text can be made of it.
        examples: [
          [{ clusterId: [{ toString: false }], regionSpecs: [], revoked: false }, complete],
        ],
      },
    );
  });

  it("knows no secrets", () => assert.equal(lifecycle.secrets, undefined));

  it("takes exactly what the schema takes once everything is known", () => {
    assert.equal(inputsSchema.safeParse(complete).success, true);
  });
});
