import type { ResourceType } from "../../provider/resource/resource-types";

/** What the constructor of a class, and the plugin, fill in where the program leaves it out. */
export const completed: Partial<Record<ResourceType, Readonly<Record<string, string>>>> = {
  EgressPrivateEndpoint: { targetServiceType: "PRIVATE_SERVICE" },
  EgressRule: { name: "kafka" },
  SqlUser: { name: "app" },
};
