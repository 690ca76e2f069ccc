/** What the schema says about the package itself. */

import { pluginPackage } from "../provider/resource/resource-types";

/** What is read of package.json. */
export interface Manifest {
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly author: string;
  /** The release sets it to the repository that it runs in. */
  readonly repository?: { readonly url: string };
}

export function packageInfo(manifest: Manifest): Record<string, unknown> {
  const { version, license, author, repository } = manifest;
  const place = repository && placeOf(repository.url);
  return {
    name: pluginPackage,
    displayName: "CockroachDB Cloud",
    version,
    description: "Clusters, users, networks and backups of CockroachDB Cloud.",
    keywords: ["pulumi", "cockroachdb", "cockroachdb-cloud", "category/database", "kind/native"],
    license,
    publisher: author,
    // Otherwise the name of a generated package would depend on the place that the plugin came from. For the same
    // reason the path of the Go package is a fixed one.
    namespace: "pulumi",
    ...(place === undefined
      ? {}
      : {
          homepage: `https://github.com/${place}`,
          repository: `https://github.com/${place}`,
          logoUrl: `https://raw.githubusercontent.com/${place}/v${version}/docs/images/logo.png`,
          pluginDownloadURL: `github://api.github.com/${place}`,
        }),
    // The generated packages name their version and where their plugin comes from.
    meta: { moduleFormat: "(.*)", supportPack: true },
    language: {
      csharp: {
        namespaces: { [pluginPackage]: "CockroachDBCloud" },
        packageReferences: { Pulumi: "3.*" },
        respectSchemaVersion: true,
      },
      go: {
        generateResourceContainerTypes: true,
        importBasePath: "github.com/pulumi/pulumi-cockroachdb-cloud/sdk/go/cockroachdbcloud",
        respectSchemaVersion: true,
      },
      java: { buildFiles: "gradle", dependencies: { "com.pulumi:pulumi": "1.13.0" } },
      nodejs: { respectSchemaVersion: true },
      python: {
        inputTypes: "classes-and-dicts",
        pyproject: { enabled: true },
        respectSchemaVersion: true,
      },
    },
  };
}

/** Organization and name of a repository on GitHub. */
function placeOf(url: string): string {
  const place = /^(?:git[+])?https:\/\/github[.]com\/([^/]+\/[^/]+?)(?:[.]git)?$/.exec(url)?.[1];
  if (place === undefined) {
    throw new Error(
      `The repository of package.json is ${url}: give it as git+https://github.com/<organization>/<repository>.git.`,
    );
  }
  return place;
}
