// Runs from the build: a worker thread of Node 20 reads JavaScript only.
import { gpuRenderService } from '../../dist/src/workers/gpu-render-service.js';
import { serve } from '../../dist/src/workers/rpc.js';

// A thread with a fault that belongs to no call, while the device owes it answers.
const { service, close } = gpuRenderService();
const crashing = {
  ...service,
  async probe() {
    setTimeout(() => {
      throw new RangeError('A fault of nobody.');
    }, 300);
    return service.probe(null);
  },
};
serve(crashing, { sideBySide: true, close });
