// Runs from the build: a worker thread of Node 20 reads JavaScript only.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { GpuError } from '../../dist/src/compute/gpu/device/gpu-error.js';
import { faceRenderer } from '../../dist/src/render/face-renderer.js';
import { sideBySide } from '../../dist/src/render/side-by-side.js';
import { movingRenderer } from '../../dist/src/workers/moving-renderer.js';
import { serve } from '../../dist/src/workers/rpc.js';

// A device that computes as the processor does, and fails as its plan says: at each opening the first line of the plan's file is taken, such
// as "lost 3", to be lost at the third face that is comped, "refused" not to be opened, or "fine". Where no line is left it is fine. How many faces it is to work
// on at a time is added to a file beside the plan at each opening.
const PLAN = process.env.REELMEND_TEST_FAULTS;
const [line = 'fine', ...left] = readFileSync(PLAN, 'utf8').split('\n').filter(Boolean);
writeFileSync(PLAN, left.join('\n'));
const [fault, at] = line.split(' ');
let renderer;
let comped = 0;
const TOLD = ['addStill', 'begin', 'lift', 'share', 'keyframe', 'adopt', 'still', 'forget', 'end', 'picture'];

serve(
  {
    ...Object.fromEntries(TOLD.map((name) => [name, (of) => renderer[name](of)])),
    async open({ inFlight }) {
      appendFileSync(`${PLAN}.opened`, `${inFlight}\n`);
      renderer = movingRenderer(sideBySide(faceRenderer(), inFlight));
      if (fault === 'refused') throw new GpuError('refused', 'There is no such device.');
      const facts = { vendor: 'test', architecture: 'drawn', device: 'one', description: 'drawn device 1.0' };
      return { ...facts, version: '0', kernels: '0' };
    },
    async comp(face) {
      comped += 1;
      if (fault !== 'fine' && comped >= Number(at)) throw new GpuError(fault, `The drawn device failed: ${fault}.`);
      return renderer.comp(face);
    },
  },
  { sideBySide: true, close: async () => {} },
);
