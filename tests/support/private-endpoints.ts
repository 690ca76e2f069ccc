// A cluster whose private endpoint services are available.

import { encryptable } from "./cmek";
import type { TestEmulator } from "./emulator";

export function withServices(emulator: TestEmulator, nth: number): { clusterId: string } {
  const { id } = encryptable(emulator, { name: `home-${nth}`, regions: ["us-east-1"] });
  emulator.privateEndpointServices.add(id);
  return { clusterId: id };
}
