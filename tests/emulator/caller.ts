// A plain HTTP caller of the emulator, and the bodies that most tests begin with.

import { strict as assert } from "node:assert";
import type { Emulator, EmulatorOptions } from "../../emulator";
import { manualClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { startTestEmulator } from "../support/emulator";

/** A response, with its body parsed. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies of every shape
  readonly body: any;
}

/** Sends requests with one key. */
export interface Caller {
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<ApiResponse>;
  get(path: string): Promise<ApiResponse>;
  post(path: string, body: unknown): Promise<ApiResponse>;
  patch(path: string, body: unknown): Promise<ApiResponse>;
  put(path: string, body: unknown): Promise<ApiResponse>;
  delete(path: string): Promise<ApiResponse>;
}

/** Makes a caller. Paths begin after `/api/v1`; a string is sent as a body as it is. */
export function callerOf(
  emulator: Pick<Emulator, "apiKey" | "url">,
  apiKey: string = emulator.apiKey,
): Caller {
  const send: Caller["send"] = async (method, path, body, headers) => {
    const response = await fetch(`${emulator.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      parsed = undefined;
    }
    return { status: response.status, headers: response.headers, text, body: parsed };
  };
  return {
    send,
    get: (path) => send("GET", path),
    post: (path, body) => send("POST", path, body),
    patch: (path, body) => send("PATCH", path, body),
    put: (path, body) => send("PUT", path, body),
    delete: (path) => send("DELETE", path),
  };
}

/** An emulator with a manual clock, no rate limit and immediate Basic and Standard clusters. */
export async function startQuick(
  options: EmulatorOptions = {},
): Promise<{ emulator: TestEmulator; api: Caller }> {
  const emulator = await startTestEmulator({
    clock: manualClock(),
    rateLimit: "off",
    ...options,
    durations: { createBasicMs: 0, createStandardMs: 0, changePlanMs: 0, ...options.durations },
  });
  return { emulator, api: callerOf(emulator) };
}

/** An Advanced cluster on v26.1.2 and its paths, on Monday 2026-06-01 at 00:00 UTC. */
export async function withAdvanced(options: EmulatorOptions = {}): Promise<{
  emulator: TestEmulator;
  api: Caller;
  id: string;
  window: string;
  deferral: string;
  get(): Promise<ApiResponse["body"]>;
}> {
  const clock = manualClock(Date.UTC(2026, 5, 1));
  const { emulator, api } = await startQuick({ clock, ...options });
  const { id } = emulator.clusters.create(advanced("orders"));
  return {
    emulator,
    api,
    id,
    window: `/clusters/${id}/maintenance-window`,
    deferral: `/clusters/${id}/version-deferral`,
    get: async () => bodyOf(await api.get(`/clusters/${id}`)),
  };
}

/** Checks that a response is an error of exactly the API's shape. */
export function assertRefused(
  response: ApiResponse,
  status: number,
  code: number,
  message: RegExp | string = /./,
): void {
  assert.equal(response.status, status, response.text);
  assert.deepEqual(Object.keys(response.body).sort(), ["code", "details", "message"]);
  assert.equal(response.body.code, code, response.text);
  assert.deepEqual(response.body.details, []);
  if (typeof message === "string") {
    assert.equal(response.body.message, message);
  } else {
    assert.match(response.body.message, message);
  }
}

/** Checks that a response is a success and gives its body. */
export function bodyOf(response: ApiResponse): ApiResponse["body"] {
  assert.equal(response.status, 200, response.text);
  return response.body;
}

type Spec = Record<string, unknown>;

/** The body of a Basic cluster on GCP. */
export function basic(name: string, serverless: Spec = {}, spec: Spec = {}): object {
  return {
    name,
    provider: "GCP",
    spec: { plan: "BASIC", ...spec, serverless: { regions: ["us-east1"], ...serverless } },
  };
}

/** The body of a Standard cluster on GCP. */
export function standard(
  name: string,
  vcpus: number | string = "2",
  serverless: Spec = {},
): object {
  return {
    name,
    provider: "GCP",
    spec: {
      plan: "STANDARD",
      serverless: {
        regions: ["us-east1"],
        usage_limits: { provisioned_virtual_cpus: vcpus },
        ...serverless,
      },
    },
  };
}

/** The body of an Advanced cluster of three nodes on AWS. */
export function advanced(name: string, dedicated: Spec = {}, provider = "AWS"): object {
  const region = { AWS: "us-east-1", GCP: "us-east1", AZURE: "eastus" }[provider] ?? "";
  return {
    name,
    provider,
    spec: {
      plan: "ADVANCED",
      dedicated: {
        region_nodes: { [region]: 3 },
        hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 0 },
        ...dedicated,
      },
    },
  };
}

/** Milliseconds of usual spans. */
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
