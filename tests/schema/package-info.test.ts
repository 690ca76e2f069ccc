// What the schema says of the package, with and without a repository.
import assert from "node:assert/strict";
import { packageInfo } from "../../schema/package-info";

const manifest = {
  version: "1.2.3",
  description: "A package.",
  license: "Apache-2.0",
  author: "Somebody",
};

describe("The package of the schema", () => {
  it("comes from the releases of its repository, logo included", () => {
    const url = "git+https://github.com/acme/pulumi-cockroachdb-cloud.git";
    const info = packageInfo({ ...manifest, repository: { url } });
    assert.equal(
      info["pluginDownloadURL"],
      "github://api.github.com/acme/pulumi-cockroachdb-cloud",
    );
    assert.equal(info["repository"], "https://github.com/acme/pulumi-cockroachdb-cloud");
    assert.equal(
      info["logoUrl"],
      "https://raw.githubusercontent.com/acme/pulumi-cockroachdb-cloud/v1.2.3/docs/images/logo.png",
    );
  });

  it("names no place to come from without a repository", () => {
    const info = packageInfo(manifest);
    for (const name of ["pluginDownloadURL", "repository", "homepage", "logoUrl"]) {
      assert.equal(name in info, false, name);
    }
  });

  it("has the same names in all languages, whatever place it comes from", () => {
    const { language, name, namespace, publisher } = packageInfo(manifest);
    assert.deepEqual([name, namespace, publisher], ["cockroachdb-cloud", "pulumi", "Somebody"]);
    const url = "https://github.com/acme/plugin";
    assert.deepEqual(packageInfo({ ...manifest, repository: { url } })["language"], language);
  });

  it("refuses a repository that is not on GitHub", () => {
    const repository = { url: "https://example.com/acme/plugin" };
    assert.throws(() => packageInfo({ ...manifest, repository }), /git\+https:\/\/github[.]com\//);
  });
});
