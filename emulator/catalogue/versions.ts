// The catalogue of CockroachDB versions. A cluster names a major version; responses always show the patch.

import type { Clock } from "../server/clock";

/** A major version. */
export interface CatalogueVersion {
  /** Major form, for example `v25.2`. */
  version: string;
  /** The newest patch, which clusters of this version run, for example `v25.2.6`. */
  patch: string;
  releaseType: "INNOVATION" | "REGULAR";
  supportStatus: "PREVIEW" | "SUPPORTED" | "UNSUPPORTED";
  /** End of support, RFC 3339. */
  supportEnd: string;
  /** Major versions that a cluster of this version may be upgraded to. */
  allowedUpgrades: string[];
  /** Whether Basic and Standard clusters run it too. */
  isServerless: boolean;
}

/** A patch that was released while the emulator was running; only such patches reach clusters by themselves. */
export interface ReleasedPatch {
  /** Full version, for example `v25.2.13`. */
  readonly patch: string;
  /** Its date, from which deferrals count, in milliseconds since 1970. */
  readonly releasedAt: number;
  /** When the test released it, in milliseconds since 1970. */
  readonly announcedAt: number;
  /** Whether it does not wait for the end of a blackout window. */
  readonly isCritical: boolean;
}

/** The versions that exist; a test may release new ones while the emulator runs. */
export class VersionCatalogue {
  readonly #versions: CatalogueVersion[];
  readonly #released: ReleasedPatch[] = [];
  readonly #clock: Pick<Clock, "now">;

  constructor(versions: readonly CatalogueVersion[], clock: Pick<Clock, "now"> = Date) {
    this.#versions = versions.map((version) => ({ ...version }));
    this.#clock = clock;
  }

  /** All versions, newest first. */
  list(): CatalogueVersion[] {
    return [...this.#versions].sort((a, b) => compareVersions(b.version, a.version));
  }

  /** The version of this major form, supported or not. */
  find(version: string): CatalogueVersion | undefined {
    return this.#versions.find((candidate) => candidate.version === version);
  }

  /** The version of new clusters that name none. */
  newest(plan: "ADVANCED" | "serverless"): CatalogueVersion {
    const version = this.list().find(
      (candidate) =>
        candidate.supportStatus === "SUPPORTED" && (plan === "ADVANCED" || candidate.isServerless),
    );
    if (version === undefined) {
      throw new Error("The catalogue of versions has no supported version for this plan.");
    }
    return version;
  }

  /** Major versions that a cluster may be upgraded to. */
  upgradesOf(fullVersion: string, plan: "ADVANCED" | "serverless"): CatalogueVersion[] {
    const allowed = this.find(majorOf(fullVersion))?.allowedUpgrades ?? [];
    return this.list().filter(
      (candidate) =>
        allowed.includes(candidate.version) &&
        candidate.supportStatus === "SUPPORTED" &&
        (plan === "ADVANCED" || candidate.isServerless),
    );
  }

  /** Adds a version, or replaces the one of the same major form. */
  release(version: CatalogueVersion): void {
    const index = this.#versions.findIndex((candidate) => candidate.version === version.version);
    this.#versions.splice(index < 0 ? this.#versions.length : index, 1, { ...version });
  }

  /**
   * Releases a patch of a major version that exists. New clusters have it at once, Advanced clusters of this
   * major version get it when their deferral and their maintenance window allow.
   * @param patch Full version, for example `v25.2.13`.
   * @param releasedAt Its date, RFC 3339, from which deferrals count. @default now
   * @param isCritical Whether it does not wait for the end of a blackout window. @default false
   */
  releasePatch(patch: string, releasedAt?: string, isCritical = false): void {
    const version = this.find(majorOf(patch));
    if (version === undefined || !/^v\d+\.\d+\.\d+$/.test(patch)) {
      throw new Error(`"${patch}" is no patch of a version of the catalogue.`);
    }
    const announcedAt = this.#clock.now();
    const date = releasedAt === undefined ? announcedAt : Date.parse(releasedAt);
    this.#released.push({ patch, releasedAt: date, announcedAt, isCritical });
    this.#released.sort((a, b) => compareVersions(a.patch, b.patch));
    if (compareVersions(version.patch, patch) < 0) {
      version.patch = patch;
    }
  }

  /** Released patches of the same major version that are newer, oldest first. @internal */
  patchesAfter(fullVersion: string): ReleasedPatch[] {
    return this.#released.filter(
      ({ patch }) =>
        majorOf(patch) === majorOf(fullVersion) && compareVersions(fullVersion, patch) < 0,
    );
  }
}

/** The major form of a version: `v25.2.6` becomes `v25.2`. */
export function majorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/** A sort key of a version: older versions sort first. */
export function versionKey(version: string): string {
  return version
    .replace("v", "")
    .split(".")
    .map((part) => part.padStart(4, "0"))
    .join(".");
}

function compareVersions(a: string, b: string): number {
  return versionKey(a) < versionKey(b) ? -1 : 1;
}

function row(
  version: string,
  patch: number,
  supportEnd: string,
  allowedUpgrades: string[],
  details: Partial<CatalogueVersion> = {},
): CatalogueVersion {
  return {
    version,
    patch: `${version}.${patch}`,
    releaseType: "REGULAR",
    supportStatus: "SUPPORTED",
    supportEnd: `${supportEnd}T00:00:00Z`,
    allowedUpgrades,
    isServerless: false,
    ...details,
  };
}

const unsupported = { supportStatus: "UNSUPPORTED" } as const;

/** Versions of mid 2026. */
export const defaultVersions: readonly CatalogueVersion[] = [
  row("v26.1", 2, "2026-11-02", [], { releaseType: "INNOVATION" }),
  row("v25.4", 5, "2027-05-03", ["v26.1"], { isServerless: true }),
  row("v25.2", 12, "2026-11-12", ["v25.4"], { isServerless: true }),
  row("v24.3", 24, "2026-11-18", ["v25.2"]),
  row("v24.2", 10, "2025-02-12", ["v24.3"], { ...unsupported, releaseType: "INNOVATION" }),
  row("v24.1", 19, "2025-11-20", ["v24.2", "v24.3"], unsupported),
  row("v23.2", 25, "2025-08-05", ["v24.1"], unsupported),
  row("v23.1", 30, "2024-11-15", ["v23.2"], unsupported),
  row("v22.2", 19, "2024-06-05", ["v23.1"], unsupported),
  row("v22.1", 22, "2023-11-24", ["v22.2"], unsupported),
];
