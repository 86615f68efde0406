// Runs from the build: a worker thread of Node 20 reads JavaScript only.
import { OutputError } from '../../dist/src/disk/output-error.js';
import { ReelError } from '../../dist/src/film/reel-error.js';
import { StillError } from '../../dist/src/film/still-error.js';
import { portError } from '../../dist/src/model/contract-error.js';
import { ModelError } from '../../dist/src/model/model-error.js';
import { serve } from '../../dist/src/workers/rpc.js';

class KernelError extends Error {
  name = 'KernelError';
  tile = [3, 4];
  retry = () => {};
}

const fails = (error) => async () => {
  throw error;
};

const circle = new Error('one');
circle.cause = new Error('another', { cause: circle });

serve({
  contract: fails(
    portError(
      { model: 'eyes', direction: 'input', port: 'image' },
      { expected: [1, 3, 'height', 'width'], received: [1, 1, 64, 64] },
    ),
  ),
  still: fails(new StillError('"a.png" shows no face.')),
  reel: fails(new ReelError('"a.mov" is empty.')),
  caused: fails(
    new ModelError('eyes', 'Not to be had.', {
      cause: new OutputError('/cache', 'Not to be written.', {
        cause: Object.assign(new Error('full'), { code: 'ENOSPC' }),
      }),
    }),
  ),
  unknown: fails(new KernelError('Tile lost.', { cause: 'power' })),
  circle: fails(circle),
  sentence: fails('no error at all'),
});
