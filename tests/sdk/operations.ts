// Every operation of the client. Several tests go through them. A file of operations/ is an area; there is no
// other list of areas.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Operation, OperationArea } from "./operation";

const folder = join(__dirname, "operations");

/** The areas by the names of their files. */
export const operationAreas: readonly [name: string, area: OperationArea][] = readdirSync(folder)
  .sort()
  .map((file) => {
    const { area } = require(join(folder, file)) as { area: OperationArea };
    return [file.replace(/\.ts$/, ""), area];
  });

/** All of them. */
export const operations: readonly Operation[] = operationAreas.flatMap(
  ([, area]) => area.operations,
);
