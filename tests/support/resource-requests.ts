// The requests of the life of resources of one type: created, left alone, read by a refresh, deleted.

import type { LoggedRequest } from "../../emulator";
import type { ResourceType } from "../../provider/resource/resource-types";
import { isOfCluster } from "../../provider/resource/resource-types";
import { casesOf, placeOf } from "../conformance/resource-cases";
import { startLab } from "./engine-model/lab";
import { Declaration } from "./engine-model/program";
import { assertDone } from "./engine-model/run";
import { kinds } from "./kinds";

/** What each command has sent. */
export interface RequestsOfLife {
  readonly preview: readonly LoggedRequest[];
  readonly up: readonly LoggedRequest[];
  readonly upAgain: readonly LoggedRequest[];
  readonly refresh: readonly LoggedRequest[];
  readonly destroy: readonly LoggedRequest[];
}

/** Whether several of the same arguments exist side by side, each in a place of its own. */
export function hasManyPlaces(type: ResourceType): boolean {
  return isOfCluster(type) || casesOf[type].place !== undefined;
}

/** Takes so many resources of a type through their life, each in its place. Every command is a process of its own. */
export async function requestsOfLife(type: ResourceType, times: number): Promise<RequestsOfLife> {
  const { emulator, stack: newStack, time } = await startLab();
  const stack = newStack();
  const [args] = casesOf[type].full;
  const program = Object.fromEntries(
    Array.from({ length: times }, (_, index) => [
      `it-${index}`,
      new Declaration(kinds[type], { ...placeOf(type, emulator, index + 1), ...args }),
    ]),
  );
  emulator.requests.clear();
  const sent = async (command: () => ReturnType<typeof stack.up>) => {
    await time.advance(1_000);
    return assertDone(await command()).requests;
  };
  return {
    preview: await sent(() => stack.preview(program)),
    up: await sent(() => stack.up(program)),
    upAgain: await sent(() => stack.up(program)),
    refresh: await sent(() => stack.refresh()),
    destroy: await sent(() => stack.destroy()),
  };
}
