// For a Pulumi program in a test: its TypeScript goes through the cache of the tests, without the compiler that Pulumi's SDK
// would load. The option `typescript` of Pulumi.yaml does not reach a language host that is older than the engine. Source maps
// would be read for every file of the SDK.
require("./compile-cache.cjs");
process.env.PULUMI_NODEJS_TYPESCRIPT = "false";
process.setSourceMapsEnabled(false);
