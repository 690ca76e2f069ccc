/** What a run asked of the API, in the words of these tests. */
import type { LoggedRequest } from "../../emulator";
import type { TestEmulator } from "../support/emulator";

/** Every request that changes something, as `PATCH <name of the cluster> <body>`. */
export function writes(emulator: TestEmulator): string[] {
  return emulator.requests
    .filter(({ method }) => method !== "GET")
    .map((request) => {
      const name = nameIn(request, emulator);
      const body = request.method === "PATCH" ? ` ${JSON.stringify(request.body)}` : "";
      return `${request.method} ${name}${body}`;
    });
}

/** The requests of this method about this cluster. */
export function writesOf(emulator: TestEmulator, name: string | RegExp): string[] {
  return writes(emulator).filter((line) => {
    const [, cluster = ""] = line.split(" ");
    return typeof name === "string" ? cluster === name : name.test(cluster);
  });
}

function nameIn({ path, body }: LoggedRequest, emulator: TestEmulator): string {
  const id = /\/clusters\/([^/]+)/.exec(path)?.[1];
  if (id === undefined) return (body as { name?: string }).name ?? "";
  return emulator.clusters.list().find((cluster) => cluster.id === id)?.name ?? id;
}
