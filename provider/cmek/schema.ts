/**
 * What arguments of a CMEK configuration are valid, as a preview can see: each cloud has its own
 * kind of key, and some changes of a configuration there are not.
 */
import { z } from "zod";
import type { CheckFailure, Problem } from "../resource/check";
import { describeValue, failureOf, shapeFailures } from "../resource/check";
import { clusterId } from "../resource/schema";
import { hasUnknown, isUnknown } from "../values/unknown";
import type { CmekKeyType } from "./args";

const keyTypes = ["AWS_KMS", "GCP_CLOUD_KMS", "AZURE_KEY_VAULT"] as const;

/** @internal */
export const inputsSchema = z.strictObject({
  clusterId,
  regionSpecs: z
    .array(
      z.strictObject({
        region: z.string().min(1, { error: "must name a region of the cluster." }),
        keySpec: z.strictObject({
          type: z.enum(keyTypes),
          uri: z.string(),
          authPrincipal: z.string(),
        }),
      }),
    )
    .min(1, { error: "must have a key for each region of the cluster." }),
  revoked: z.boolean().optional(),
  revokeOnDelete: z.boolean().optional(),
});

/** Arguments of a CMEK configuration that are known and valid. @internal */
export type Inputs = z.output<typeof inputsSchema>;

/** Arguments as a preview has them: any member, at any depth, may be missing, unknown or wrong. */
// biome-ignore lint/suspicious/noExplicitAny: unchecked by nature, and every rule checks what it reads
type Unchecked = any;

/** Every problem of the arguments, and of the change from the old ones. */
export function cmekFailures(olds: Partial<Inputs>, news: Record<string, unknown>): CheckFailure[] {
  return [
    ...shapeFailures(inputsSchema, news),
    ...[
      ...keysHaveTheirForm(news),
      ...keysAreOfOneCloud(news),
      ...regionsAreDistinct(news),
      ...revocationIsFinal(olds, news),
      ...regionsStay(olds, news),
    ].map((problem) => failureOf(problem, news)),
  ];
}

interface Form {
  readonly pattern: RegExp;
  /** Completes "must be …". */
  readonly text: string;
}

const forms: Readonly<Record<CmekKeyType, { uri: Form; authPrincipal: Form }>> = {
  AWS_KMS: {
    uri: {
      pattern: /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/,
      text: "the ARN of a key, arn:aws:kms:<region>:<account>:key/<id>",
    },
    authPrincipal: {
      pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
      text: "the ARN of an IAM role, arn:aws:iam::<account>:role/<name>",
    },
  },
  GCP_CLOUD_KMS: {
    uri: {
      pattern: /^projects\/[^/\s]+\/locations\/[^/\s]+\/keyRings\/[^/\s]+\/cryptoKeys\/[^/\s]+$/,
      text: "the resource name of a key, projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>",
    },
    authPrincipal: {
      pattern: /^[^@\s]+@[^@\s]+\.gserviceaccount\.com$/,
      text: "the e-mail address of a service account, <name>@<project>.iam.gserviceaccount.com",
    },
  },
  AZURE_KEY_VAULT: {
    uri: {
      pattern: /^https:\/\/[a-zA-Z0-9-]+\.vault\.azure\.net\/keys\/[a-zA-Z0-9-]+\/[a-zA-Z0-9]+$/,
      text: "a key identifier with its version, https://<vault>.vault.azure.net/keys/<name>/<version>",
    },
    authPrincipal: {
      pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
      text: "the id of a tenant, a UUID",
    },
  },
};

function keysHaveTheirForm(news: Unchecked): Problem[] {
  return keySpecsOf(news).flatMap(({ keySpec, index }) => {
    const type: unknown = keySpec.type;
    if (!isKeyType(type)) return [];
    const form = forms[type];
    return (["uri", "authPrincipal"] as const).flatMap((member) => {
      const value = keySpec[member];
      if (typeof value !== "string" || isUnknown(value) || form[member].pattern.test(value))
        return [];
      return [
        failure(
          ["regionSpecs", index, "keySpec", member],
          `must be ${form[member].text}, for type ${type}, not ${describeValue(value)}.`,
        ),
      ];
    });
  });
}

function keysAreOfOneCloud(news: Unchecked): Problem[] {
  const keys = keySpecsOf(news).filter(({ keySpec }) => isKeyType(keySpec.type));
  const first = keys[0]?.keySpec.type;
  return keys
    .filter(({ keySpec }) => keySpec.type !== first)
    .map(({ index }) =>
      failure(
        ["regionSpecs", index, "keySpec", "type"],
        `must be ${first} as before: a cluster runs on one cloud, and so do its keys.`,
      ),
    );
}

function regionsAreDistinct(news: Unchecked): Problem[] {
  const names = regionsOf(news);
  return names.flatMap((name, index) =>
    typeof name === "string" && !isUnknown(name) && names.indexOf(name) < index
      ? [failure(["regionSpecs", index, "region"], `names ${describeValue(name)} a second time.`)]
      : [],
  );
}

function revocationIsFinal(olds: Partial<Inputs>, news: Unchecked): Problem[] {
  if (olds.revoked !== true || news.revoked === true || isUnknown(news.revoked)) return [];
  if (!isSameCluster(olds, news)) return [];
  return [
    failure(
      ["revoked"],
      "must stay true: access to the keys is revoked, and only the support of Cockroach Labs can restore it. When that is done, run `pulumi refresh`.",
    ),
  ];
}

function regionsStay(olds: Partial<Inputs>, news: Unchecked): Problem[] {
  const names = regionsOf(news);
  if (!Array.isArray(news.regionSpecs) || hasUnknown(names) || !isSameCluster(olds, news))
    return [];
  // One that is missing or malformed has been named above.
  if (names.some((name) => typeof name !== "string")) return [];
  return regionsOf(olds)
    .filter((name) => !names.includes(name))
    .map((name) =>
      failure(
        // A path that the engine does not find: it would print all keys along with the reason.
        ["regionSpecs", String(name)],
        "must stay, because a region cannot be decrypted. Where the cluster is to lose the region, take it out of the cluster first, then out of here with `pulumi up --refresh`.",
      ),
    );
}

/** Whether both are about one cluster, as far as is known; another one has a configuration of its own. */
function isSameCluster(olds: Partial<Inputs>, news: Unchecked): boolean {
  return olds.clusterId === news.clusterId;
}

function regionsOf({ regionSpecs }: Unchecked): unknown[] {
  return Array.isArray(regionSpecs) ? regionSpecs.map((spec: Unchecked) => regionOf(spec)) : [];
}

/** The name, or what stands in its place. */
function regionOf(spec: Unchecked): unknown {
  return isUnknown(spec) ? spec : spec?.region;
}

function keySpecsOf({ regionSpecs }: Unchecked): { keySpec: Unchecked; index: number }[] {
  if (!Array.isArray(regionSpecs)) return [];
  return regionSpecs.flatMap((spec: Unchecked, index) => {
    const keySpec = spec?.keySpec;
    return typeof keySpec === "object" && keySpec !== null ? [{ keySpec, index }] : [];
  });
}

function isKeyType(type: unknown): type is CmekKeyType {
  return keyTypes.some((known) => known === type);
}

function failure(path: readonly PropertyKey[], reason: string): Problem {
  return { path, reason };
}
