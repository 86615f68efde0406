import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { openRunDevice } from '../../src/pipeline/render/run-device.ts';
import { parseRestore } from '../../src/pipeline/request/parse-request.ts';
import { restoreJob } from '../../src/pipeline/restore.ts';
import type { FaceDevice } from '../../src/render/rendering-device.ts';
import { type Report, reportSchema } from '../../src/report/report.ts';
import type { GpuRenderService } from '../../src/workers/gpu-render-service.ts';
import { openRemote } from '../../src/workers/rpc.ts';
import { isSoftwareWanted, SOFTWARE_SKIPPED } from '../compute/gpu/test-gpu.ts';
import { COMMAND } from './command.ts';
import { filesOf } from './files-of.ts';
import { jobOf, QUIET } from './job-of.ts';
import { thisThread } from './on-this-thread.ts';
import { sampleDifference } from './sample-difference.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { writeShots } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
const LOSING = join(packageFolder(), 'test', 'workers', 'losing-device-worker.mjs');
const TALKING = 6;
/** Share of the 10-bit samples of restored frames that may be another, by one. */
const MAY_DIFFER = 1e-4;

let scratch: Scratch;
const at = (name: string) => join(scratch.path, name);

interface Given {
  readonly device?: FaceDevice;
  readonly restorer?: string;
  /** Which comp each opened device is destroyed in. */
  readonly losses?: readonly number[];
}

async function restored(out: string, { device = 'gpu:llvmpipe', restorer = 'repair', losses = [] }: Given = {}) {
  await writeFile(at('losses'), losses.join('\n'));
  const request = jobOf(at('reel'), at(out), PORTRAIT, { device, restorer, faces: 'all', keepWork: true });
  const start = losses.length > 0 ? () => openRemote<GpuRenderService>(LOSING) : undefined;
  const openDevice = async (wish: FaceDevice) => (wish === 'cpu' ? thisThread() : openRunDevice(wish, start));
  await restoreJob(parseRestore(request), QUIET, { openDevice });
  return reportSchema.parse(JSON.parse(await readFile(at(`${out}.report/report.json`), 'utf8')));
}

const rendered = ({ takes }: Report) => takes.flatMap(({ device }) => (device === 'copy' ? [] : device));

describe.skipIf(!isSoftwareWanted)(`a take on the device${SOFTWARE_SKIPPED}`, () => {
  beforeAll(async () => {
    scratch = await openScratch('gpu-take');
    process.env['REELMEND_CACHE'] = scratch.cache;
    process.env['REELMEND_TEST_LOSSES'] = at('losses');
    await writeShots(at('reel'), [['talking', TALKING]]);
    await writeShots(at('long'), [['talking', 5 * TALKING]]);
  });
  afterAll(() => scratch?.[Symbol.asyncDispose]());

  it.each(['repair', 'detail', 'enhance', 'replace'])(
    'is the processor’s but for roundings, with %s',
    async (restorer) => {
      await restored(`cpu-${restorer}`, { device: 'cpu', restorer });
      const report = await restored(`gpu-${restorer}`, { restorer });
      expect(rendered(report)).toEqual([expect.stringContaining('llvmpipe')]);
      expect(report.frames.restored).toBe(TALKING);
      const { samples, different, most } = await sampleDifference(at(`cpu-${restorer}`), at(`gpu-${restorer}`));
      expect(samples).toBeGreaterThan(0);
      expect(different).toBeLessThanOrEqual(MAY_DIFFER * samples);
      expect(most).toBeLessThanOrEqual(1);
    },
  );

  it('is the same to the bit when it is rendered again', async () => {
    await restored('again');
    expect(await filesOf(at('again'))).toEqual(await filesOf(at('gpu-repair')));
  });

  it('is begun anew where the device is destroyed in it, and becomes the same', async () => {
    const report = await restored('once', { losses: [3] });
    expect(rendered(report)).toEqual([expect.stringContaining('llvmpipe')]);
    expect(report.notes.join()).toContain('was lost in the midst of a take, which was begun anew on it.');
    expect(await filesOf(at('once'))).toEqual(await filesOf(at('gpu-repair')));
  });

  it('is the processor’s where the device is destroyed twice', async () => {
    const report = await restored('twice', { losses: [3, 2] });
    expect(rendered(report)).toEqual(['cpu']);
    expect(report.notes.join()).toContain('from then on faces were rendered on the CPU.');
    expect(await filesOf(at('twice'))).toEqual(await filesOf(at('cpu-repair')));
  });

  it.each([
    ['once, in order and with exit code 130', 1, [130, null]],
    ['twice, at once', 2, [null, 'SIGINT']],
  ] as const)('ends where it is interrupted %s', async (_, times, end) => {
    const out = at(`stopped-${times}`);
    const args = [COMMAND, 'restore', at('long'), '--out', out, '--restorer', 'repair', '--device', 'gpu:llvmpipe'];
    const child = spawn(process.execPath, args, { env: { ...process.env }, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const before = said;
      said += text;
      if (!/Restoring/.test(said) || /Restoring/.test(before)) return;
      // While its first faces are being computed.
      setTimeout(() => child.kill('SIGINT'), 1000);
      if (times > 1) setTimeout(() => child.kill('SIGINT'), 1020);
    });
    expect(await once(child, 'exit')).toEqual(end);
    expect(said).not.toContain('mapAsync');
  });
});
