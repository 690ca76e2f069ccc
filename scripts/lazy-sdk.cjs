// Loads what Pulumi's SDK needs only to turn functions into text, the compiler and npm's resolver, when it is used: the SDK
// requires both at once, which is half of the time that its dynamic server takes to start.
const nodeModule = require("node:module");

const load = nodeModule._load;
const ofTheSdk = /[\\/]@pulumi[\\/]pulumi[\\/]/;

nodeModule._load = function loadLazily(request, parent, ...rest) {
  const isLazy = request === "typescript" || request === "@npmcli/arborist";
  if (!isLazy || !ofTheSdk.test(parent?.filename)) return load.call(this, request, parent, ...rest);
  const loaded = () => load.call(this, request, parent, ...rest);
  // The SDK copies the members of a module that is none of ECMAScript's, which would load it.
  return new Proxy({}, { get: (_, name) => name === "__esModule" || loaded()[name] });
};
