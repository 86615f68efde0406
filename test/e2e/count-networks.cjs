// Required before a program, by NODE_OPTIONS: every network that it opens, in whichever thread, becomes a line of COUNTED_NETWORKS.
const { appendFileSync } = require('node:fs');
const { basename, dirname } = require('node:path');
const { InferenceSession } = require('onnxruntime-node');

const create = InferenceSession.create;
InferenceSession.create = (path, ...options) => {
  appendFileSync(process.env.COUNTED_NETWORKS, `${basename(dirname(path)).replace(/-[0-9a-f]{12}$/, '')}\n`);
  return create.call(InferenceSession, path, ...options);
};
