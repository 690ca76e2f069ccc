// A resource whose provider does nothing: what a run of it costs is the engine's own.
const { randomUUID } = require("node:crypto");
const { join } = require("node:path");
const pulumi = require("@pulumi/pulumi");

const text = `exports.handler = () => require(${JSON.stringify(join(__dirname, "null-resource.js"))}).provider`;

class NullResource extends pulumi.CustomResource {
  constructor(name, { clusterId, ...args }, options) {
    const parent = clusterId === undefined ? {} : { clusterId: clusterId.id ?? clusterId };
    const properties = { ...args, ...parent, __provider: text };
    super("pulumi-nodejs:dynamic:NullResource", name, properties, options);
  }
}

const provider = {
  check: async (_olds, news) => ({ inputs: news, failures: [] }),
  diff: async (_id, olds, news) => ({
    changes: JSON.stringify(plain(olds)) !== JSON.stringify(plain(news)),
  }),
  create: async (inputs) => ({ id: randomUUID(), outs: inputs }),
  read: async (id, props) => ({ id, props }),
  update: async (_id, _olds, news) => ({ outs: news }),
  delete: async () => undefined,
};

function plain({ __provider, ...properties }) {
  return Object.entries(properties).sort(([one], [other]) => (one < other ? -1 : 1));
}

module.exports = { NullResource, provider };
