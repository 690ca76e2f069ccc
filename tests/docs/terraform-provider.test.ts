// docs/comparison.md says that what the Terraform provider manages is here.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allResourceTypes, resourceTypes } from "../../provider/resource/resource-types";
import type { Counterpart } from "../support/terraform-provider";
import { terraformDataSources, terraformResources } from "../support/terraform-provider";

interface Property {
  $ref?: string;
  type?: string;
  items?: Property;
  oneOf?: Property[];
}

type Properties = Readonly<Record<string, Property>>;

/** The schema of the plugin, which is made from the definitions of the resources and functions. */
const schema = JSON.parse(
  readFileSync(join(__dirname, "..", "..", "plugin", "schema.json"), "utf8"),
) as {
  resources: Record<string, { inputProperties: Properties }>;
  functions: Record<string, { inputs?: { properties: Properties } }>;
  types: Record<string, { properties?: Properties }>;
};

function argumentsOf(name: string): Properties | undefined {
  const token = `cockroachdb-cloud:index:${name}`;
  const called = schema.functions[token];
  return called === undefined
    ? schema.resources[token]?.inputProperties
    : (called.inputs?.properties ?? {});
}

/** The members of a value, of an item where it is a list. */
function membersOf({ $ref, items, oneOf }: Property): Properties {
  if (items !== undefined) return membersOf(items);
  const [first] = oneOf ?? [];
  if (first !== undefined) return membersOf(first);
  return schema.types[($ref ?? "").replace("#/types/", "")]?.properties ?? {};
}

/** Whether an argument exists: `dedicated.cidrRange`, or of another resource `Cluster.dedicated.cidrRange`. */
function hasArgument(of: string, path: string): boolean {
  const [first = "", ...others] = path.split(".");
  const elsewhere = argumentsOf(first);
  if (elsewhere !== undefined) return hasArgument(first, others.join("."));
  let members = argumentsOf(of) ?? {};
  return [first, ...others].every((name) => {
    const property = members[name];
    members = property === undefined ? {} : membersOf(property);
    return property !== undefined;
  });
}

function missingIn(table: Readonly<Record<string, Counterpart>>): string[] {
  return Object.entries(table).flatMap(([theirs, { of, arguments: all }]) => {
    if (argumentsOf(of) === undefined) return [`${theirs}: ${of}`];
    return Object.entries(all).flatMap(([name, ours]) =>
      typeof ours !== "string" || hasArgument(of, ours) ? [] : [`${theirs}.${name}: ${of}.${ours}`],
    );
  });
}

describe("What the Terraform provider has", () => {
  it("has its counterpart here: every resource with every argument", () => {
    assert.equal(Object.keys(terraformResources).length, 29);
    assert.deepEqual(missingIn(terraformResources), []);
  });

  it("has its counterpart here: every data source with every argument", () => {
    assert.equal(Object.keys(terraformDataSources).length, 9);
    assert.deepEqual(missingIn(terraformDataSources), []);
  });

  it("is what the resources name as theirs, which an export from a Terraform state goes by", () => {
    for (const type of allResourceTypes) {
      const { terraformType } = resourceTypes[type];
      if (terraformType === undefined) continue;
      assert.equal(terraformResources[terraformType]?.of, type, terraformType);
    }
  });
});
