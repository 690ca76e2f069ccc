// The program of benchmarks and of the soak test: makes what `stack.json` beside it names, in its order.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const cockroachdb = require("pulumi-cockroachdb-cloud");
const { NullResource } = require("./null-resource");

const classes = { ...cockroachdb, NullResource };
const made = {};

for (const { type, name, args, cluster, reference, isDeletedWithCluster } of readStack()) {
  const parent =
    cluster === undefined
      ? {}
      : { clusterId: reference === "id" ? made[cluster].id : made[cluster] };
  const options = isDeletedWithCluster ? { deletedWith: made[cluster] } : {};
  made[name] = new classes[type](name, { ...args, ...parent }, options);
}

function readStack() {
  return JSON.parse(readFileSync(join(__dirname, "stack.json"), "utf8"));
}
