/**
 * A Terraform state: which of its objects are resources of CockroachDB Cloud, by their ids. Their settings are read
 * from the organization; those in the state, passwords above all, are not used.
 */
import { z } from "zod";
import { resources } from "../provider/resource/registry";
import type { ResourceType } from "../provider/resource/resource-types";
import { allResourceTypes, resourceTypes } from "../provider/resource/resource-types";
import type { Path } from "../provider/values/secrets";
import type { LeftOut, Target } from "./exported-resource";

/** The CockroachDB Cloud part of a Terraform state. */
export interface TerraformObjects {
  readonly targets: readonly Target[];
  readonly leftOut: readonly LeftOut[];
  /** Addresses of SQL users whose password the state has. */
  readonly withPassword: readonly string[];
}

const types: ReadonlyMap<string | undefined, ResourceType> = new Map(
  allResourceTypes.map((type) => [resourceTypes[type].terraformType, type]),
);

/** What Terraform has a resource for, and is a step in the life of another one. */
const steps: ReadonlyMap<string, string> = new Map([
  [
    "cockroach_finalize_version_upgrade",
    "a finished step has nothing to adopt; for later upgrades, Cluster has finalizeUpgrade in dedicated or serverless",
  ],
]);

const instanceSchema = z.object({
  index_key: z.union([z.string(), z.number()]).optional(),
  deposed: z.string().optional(),
  attributes: z.record(z.string(), z.unknown()).nullish(),
  sensitive_attributes: z.array(z.array(z.looseObject({ value: z.unknown() }))).nullish(),
});

const stateSchema = z.object({
  version: z.literal(4),
  resources: z.array(
    z.object({
      module: z.string().optional(),
      mode: z.string(),
      type: z.string(),
      name: z.string(),
      instances: z.array(instanceSchema),
    }),
  ),
});

type TerraformResource = z.output<typeof stateSchema>["resources"][number];
type Instance = z.output<typeof instanceSchema>;

/** The objects in a state. Throws when it is not of format 4. */
export function parseTerraformState(text: string): TerraformObjects {
  const { resources: all } = stateSchema.parse(JSON.parse(text));
  const targets: Target[] = [];
  const leftOut: LeftOut[] = [];
  const withPassword: string[] = [];
  const addresses = new Map<string, string>();
  for (const resource of all) {
    if (resource.mode !== "managed" || !resource.type.startsWith("cockroach_")) continue;
    const type = types.get(resource.type);
    for (const instance of resource.instances) {
      const address = addressOf(resource, instance);
      const attributes = instance.attributes ?? {};
      const ofType = type === undefined ? undefined : resources[type].idInTerraform?.(attributes);
      const id = ofType ?? attributes["id"];
      if (type === undefined) {
        const why = steps.get(resource.type) ?? "this package does not have this resource";
        leftOut.push({ what: address, why });
      } else if (instance.deposed !== undefined) {
        leftOut.push({
          what: address,
          why: "Terraform has replaced it and has not deleted it yet",
        });
      } else if (typeof id !== "string" || id === "") {
        leftOut.push({ what: address, why: "the state does not have its id" });
      } else if (resources[type].lifecycle.idProblem?.(id) !== undefined) {
        leftOut.push({
          what: address,
          why: `its id ${JSON.stringify(id)} is not one of a ${type}`,
        });
      } else if (addresses.has(`${type} ${id}`)) {
        const first = addresses.get(`${type} ${id}`);
        leftOut.push({ what: address, why: `it is the same object as ${first}` });
      } else {
        addresses.set(`${type} ${id}`, address);
        targets.push({
          type,
          id,
          name: nameOf(resource, instance),
          origin: address,
          secretPaths: secretPathsOf(instance),
        });
        if (typeof attributes["password"] === "string") withPassword.push(address);
      }
    }
  }
  return { targets, leftOut, withPassword };
}

/** What the state marks as secret, by the names of arguments: `x509_pem_cert` is `x509PemCert`. */
function secretPathsOf({ sensitive_attributes }: Instance): Path[] {
  return (sensitive_attributes ?? []).map((steps) =>
    steps.map(({ value: step }, index) => {
      // A step into a list or map has its key with its type.
      const key = typeof step === "object" && step !== null ? Reflect.get(step, "value") : step;
      const name = String(key);
      return index === 0 ? name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()) : name;
    }),
  );
}

/** `module.shop.cockroach_sql_user.app["eu"]`. */
function addressOf({ module, type, name }: TerraformResource, { index_key }: Instance): string {
  const index = index_key === undefined ? "" : `[${JSON.stringify(index_key)}]`;
  return `${module === undefined ? "" : `${module}.`}${type}.${name}${index}`;
}

/** The names in the address, without its types: `shop-app-eu`. */
function nameOf({ module = "", name }: TerraformResource, { index_key }: Instance): string {
  const modules = [...module.matchAll(/module\.([^.[\]]+)(?:\[(?:"((?:[^"\\]|\\.)*)"|(\d+))\])?/g)];
  const parts = [...modules.flatMap(([, ...names]) => names), name, index_key];
  return parts.filter((part) => part !== undefined).join("-");
}
