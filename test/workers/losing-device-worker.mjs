// Runs from the build: a worker thread of Node 20 reads JavaScript only.
import { readFileSync, writeFileSync } from 'node:fs';
import { globals } from 'webgpu';
import { gpuRenderService } from '../../dist/src/workers/gpu-render-service.js';
import { serve } from '../../dist/src/workers/rpc.js';

// A device that is destroyed while a face is comped on it: of which one, the first line of the plan's file tells at each opening. Where no
// line is left it stays.
const PLAN = process.env.REELMEND_TEST_LOSSES;
const [at = Infinity, ...left] = readFileSync(PLAN, 'utf8').split('\n').filter(Boolean);
writeFileSync(PLAN, left.join('\n'));

let device;
const { requestDevice } = globals.GPUAdapter.prototype;
globals.GPUAdapter.prototype.requestDevice = async function (...given) {
  device = await requestDevice.apply(this, given);
  return device;
};

const { service, close } = gpuRenderService();
let comped = 0;
const losing = {
  ...service,
  async comp(face) {
    comped += 1;
    if (comped === Number(at)) setTimeout(() => device.destroy(), 100);
    return service.comp(face);
  },
};
serve(losing, { sideBySide: true, close });
