import type { RunDevice } from '../../src/pipeline/render/run-device.ts';
import { parseRestore } from '../../src/pipeline/request/parse-request.ts';
import type { RestoreRequest } from '../../src/pipeline/request/request.ts';
import { restoreJob } from '../../src/pipeline/restore.ts';
import { faceRenderer } from '../../src/render/face-renderer.ts';
import { CPU } from '../../src/render/rendering-device.ts';
import { renderTeam } from '../../src/workers/render-team.ts';
import { inProcess } from '../render/in-process.ts';
import { QUIET } from './job-of.ts';

/**
 * Restores as `restoreReel` does, but for the thread that faces are rendered in, which is this one: it has compiled what it runs once for
 * all runs of a test. That threads make the same bits is told by `render-team.test.ts`, and of whole runs by those that use them.
 */
export function restoreOnThisThread(request: RestoreRequest, program: { readonly renderVersion?: number } = {}) {
  return restoreJob(parseRestore(request), QUIET, { ...program, openDevice: async () => thisThread() });
}

/** The processor, with one renderer on this thread. */
export function thisThread(renderer = faceRenderer()): RunDevice {
  const team = renderTeam([inProcess(renderer)]);
  return {
    choose: async () => ({ device: CPU, reason: 'A test renders on its own thread.' }),
    renderOn: (_, render) => render({ team, device: CPU, notes: [] }),
    [Symbol.asyncDispose]: () => team[Symbol.asyncDispose](),
  };
}
