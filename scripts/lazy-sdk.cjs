// Loads what most runs of Pulumi's SDK never use when it is used: the Automation API, tracing, and what turns functions into
// text. That is half of the time that its dynamic server and a program take to start.
const nodeModule = require("node:module");
require("./module-cache.cjs");

const load = nodeModule._load;
const ofTheSdk = /[\\/]@pulumi[\\/]pulumi[\\/]/;
const rarelyUsed =
  /^(?:typescript|ts-node|@npmcli\/arborist|js-yaml|normalize-package-data|fdir|semver|\.\/automation|@opentelemetry\/.*)$/;

nodeModule._load = function loadLazily(request, parent, ...rest) {
  const isLazy = rarelyUsed.test(request) && ofTheSdk.test(parent?.filename);
  if (!isLazy) return load.call(this, request, parent, ...rest);
  let exported;
  // The SDK copies the members of a module that is none of ECMAScript's, which would load it.
  const member = (name) => {
    exported ??= load.call(this, request, parent, ...rest);
    return name === "default" && !exported.__esModule ? exported : exported[name];
  };
  return new Proxy({}, { get: (_, name) => name === "__esModule" || member(name) });
};
