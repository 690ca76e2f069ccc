// For a Pulumi program in a test: its TypeScript goes through the cache of the tests, without the compiler that Pulumi's SDK
// would load. The option `typescript` of Pulumi.yaml does not reach a language host that is older than the engine. Source maps
// would be read for every file of the SDK, since each resource notes where the program makes it; and the inspector, which
// only functions in state need, would record every script before the program begins.
const nodeModule = require("node:module");
require("./compile-cache.cjs");
process.env.PULUMI_NODEJS_TYPESCRIPT = "false";
process.setSourceMapsEnabled(false);

const load = nodeModule._load;
const start = /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run[\\/]index\.js$/;

nodeModule._load = function loadQuickly(request, parent, ...rest) {
  if (start.test(parent?.filename)) {
    if (request === "source-map-support/register") return {};
    if (request.endsWith("/closure/v8Hooks")) return { isInitializedAsync: async () => {} };
  }
  return load.call(this, request, parent, ...rest);
};
