// A resource of a made-up kind with a secret output, and the provider that serves it.

import { strict as assert } from "node:assert";
import { toDynamicProvider } from "../../../provider/dynamic/dynamic-provider";
import type { Host } from "../../../provider/engine/host";
import { RunRecord } from "../../../provider/engine/run-record";
import type { Context, Lifecycle } from "../../../provider/resource/lifecycle";
import { manualClock } from "../../support/clock";

export interface Inputs {
  name: string;
  password?: string;
  size?: number;
}

export interface State extends Inputs {
  password: string;
  note?: unknown;
}

export const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

export const text = "exports.handler = () => …";
export const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/cockroachdb-cloud:Thing::thing-1";
export const hidden = { __provider: text, __urn: urn };

/** A resource of a made-up kind with a secret output, and the provider that serves it. */
export function newProvider(parts: Partial<Lifecycle<Inputs, State>> = {}) {
  const clock = manualClock(1_000_000);
  const reports: string[] = [];
  const contexts: Context[] = [];
  const lifecycle: Lifecycle<Inputs, State> = {
    kind: "thing",
    secrets: ["password"],
    check: () => ({ failures: [], notes: [{ severity: "info", message: "checked" }] }),
    diff: (_id, { state, inputs }, news) => ({
      updates: [
        ...(inputs.size === news.size ? [] : ["size"]),
        ...(state.note === "drifted" ? ["note"] : []),
      ],
      replaces: state.name === news.name ? [] : ["name"],
      deleteBeforeReplace: true,
      notes: [{ severity: "warning", message: "differs" }],
    }),
    async create(inputs, context) {
      contexts.push(context);
      return { id: "id-1", outs: { ...inputs, password: "s3cret", note: undefined } };
    },
    async read(_id, { state, inputs }) {
      return { state, inputs: { ...inputs, name: state.name } };
    },
    async update(_id, { state }, news, context) {
      contexts.push(context);
      return { ...state, ...news };
    },
    async delete(_id, _stored, context) {
      contexts.push(context);
    },
    ...parts,
  };
  const host: Host = {
    environment: { COCKROACH_API_KEY: "canary-key" },
    connect: () => ({}) as never,
    reporter: {
      report: async (about, severity, message, options) => {
        reports.push(
          `${about.split("::").at(-1)} ${severity} ${message}${options?.ephemeral ? " …" : ""}`,
        );
      },
    },
    clock,
    signal: new AbortController().signal,
    run: new RunRecord(),
  };
  return { provider: toDynamicProvider(lifecycle, () => host), reports, contexts, clock };
}

export async function thrownBy(work: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await work;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new assert.AssertionError({ message: "nothing was thrown" });
}
