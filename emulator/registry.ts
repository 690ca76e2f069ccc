// What the emulator serves, and what its tests can change: both follow from the areas.

import type { Area, ControlledArea, ControlParts } from "./area";
import areas from "./areas/index";
import type { HandlerTable } from "./server/call";

type Areas = typeof areas;

/** What changes objects outside the API, by area. */
export type Controls = {
  readonly [Name in keyof Areas as Areas[Name] extends ControlledArea<object>
    ? Name
    : never]: Areas[Name] extends ControlledArea<infer Own> ? Own : never;
};

/** The operations of all areas. */
export const handlers: HandlerTable = Object.assign(
  {},
  ...Object.values<Area>(areas).map(({ operations }) => operations),
);

/** Creates the controls of all areas that have some. */
export function createControls(parts: ControlParts): Controls {
  const controls = Object.entries<Area | ControlledArea<object>>(areas).flatMap(([name, area]) =>
    "createControls" in area ? [[name, area.createControls(parts)]] : [],
  );
  return Object.fromEntries(controls) as Controls;
}
