// Pulumi starts this folder as a plugin, after `npm install` in it: the command of the package is the plugin.
const { dirname, join } = require("node:path");

const manifest = require.resolve("pulumi-cockroachdb-cloud/package.json");
require(join(dirname(manifest), require(manifest).bin["pulumi-resource-cockroachdb-cloud"]));
