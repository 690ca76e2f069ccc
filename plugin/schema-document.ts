/** The package schema that the engine and the generators of SDKs read. */

import { resources } from "../provider/resource/registry";
import {
  allResourceTypes,
  pluginPackage,
  pluginToken,
  resourceTypes,
  typeToken,
} from "../provider/resource/resource-types";
import { packageVersion } from "../sdk/http/user-agent";

const anything = { $ref: "pulumi.json#/Any" };

export const schemaDocument = {
  name: pluginPackage,
  version: packageVersion(),
  resources: Object.fromEntries(
    allResourceTypes.map((type) => [
      pluginToken(type),
      {
        inputProperties: Object.fromEntries(
          resources[type].outputs.map((name) => [name, anything]),
        ),
        properties: Object.fromEntries(resources[type].outputs.map((name) => [name, anything])),
        aliases: [typeToken(type), resourceTypes[type].bridgedType].flatMap((token) =>
          token === undefined ? [] : [{ type: token }],
        ),
      },
    ]),
  ),
};
