import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GpuError } from '../../src/compute/gpu/device/gpu-error.ts';
import { packageFolder } from '../../src/disk/package-folder.ts';
import type { RunEvent } from '../../src/log/run-event.ts';
import { openRunDevice } from '../../src/pipeline/render/run-device.ts';
import { parseRestore } from '../../src/pipeline/request/parse-request.ts';
import { restoreJob } from '../../src/pipeline/restore.ts';
import { faceRenderer } from '../../src/render/face-renderer.ts';
import type { FaceRenderer } from '../../src/render/face-rendering.ts';
import type { FaceDevice } from '../../src/render/rendering-device.ts';
import { sideBySide } from '../../src/render/side-by-side.ts';
import { type Report, reportSchema } from '../../src/report/report.ts';
import { errorMessage, errorOf } from '../../src/workers/error-message.ts';
import type { DeviceToOpen, GpuRenderService } from '../../src/workers/gpu-render-service.ts';
import type { Remote } from '../../src/workers/rpc.ts';
import { filesOf } from './files-of.ts';
import { jobOf, QUIET } from './job-of.ts';
import { thisThread } from './on-this-thread.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { writeShots } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
const NAME = 'drawn device 1.0';
const FRAMES = 3;

/** What a device does: it is `fine`, does not open, or fails at that comp, from 1. */
type Fault = 'fine' | 'refused' | readonly [fault: 'lost' | 'out-of-memory', comp: number];

let scratch: Scratch;
let onCpu: Record<string, string>;
const at = (name: string) => join(scratch.path, name);

beforeAll(async () => {
  scratch = await openScratch('lost-device');
  process.env['REELMEND_CACHE'] = scratch.cache;
  await writeShots(at('reel'), [
    ['talking', FRAMES],
    ['empty', 4],
    ['talking', FRAMES],
  ]);
  await restored('cpu', { device: 'cpu' });
  onCpu = await filesOf(at('cpu'));
});
afterAll(() => scratch[Symbol.asyncDispose]());

interface Given {
  readonly device?: 'cpu' | 'gpu:drawn';
  readonly faults?: readonly Fault[];
  readonly lostDevice?: 'cpu' | 'stop';
}

/** On how many faces at a time each device was to work that the last run opened. */
let opened: number[] = [];
/** What the last run told. */
let told: RunEvent[] = [];

/**
 * A device that computes as the processor does, and fails as it is told: on this thread, behind what happens to calls between threads.
 */
function drawnDevice(fault: Fault): Remote<GpuRenderService> {
  let renderer: FaceRenderer | undefined;
  let comped = 0;
  const answered = async (name: string, argument: unknown): Promise<unknown> => {
    if (name === 'open') {
      const { inFlight } = argument as DeviceToOpen;
      opened.push(inFlight);
      if (fault === 'refused') throw new GpuError('refused', 'There is no such device.');
      renderer = sideBySide(faceRenderer(), inFlight);
      return { vendor: 'test', architecture: 'drawn', device: 'one', description: NAME, version: '0', kernels: '0' };
    }
    comped += name === 'comp' ? 1 : 0;
    if (name === 'comp' && typeof fault !== 'string' && comped >= fault[1]) {
      throw new GpuError(fault[0], `The drawn device failed: ${fault[0]}.`);
    }
    return (renderer as FaceRenderer)[name as keyof FaceRenderer](argument as never);
  };
  return {
    call: (name, argument, move = []) =>
      answered(name, structuredClone(argument, { transfer: move as ArrayBuffer[] })).then(
        (answer) => structuredClone(answer) as never,
        (error: unknown) => {
          throw errorOf(errorMessage(error));
        },
      ),
    async [Symbol.asyncDispose]() {},
  };
}

/** Restores the reel on a device with such faults; answers the report. */
async function restored(
  out: string,
  { device = 'gpu:drawn', faults = [], lostDevice = 'cpu' }: Given,
): Promise<Report> {
  const preset = at(`${lostDevice}.json`);
  const description = 'Decides what follows where the device is lost.';
  const own = {
    format: 'reelmend-preset/1',
    name: lostDevice,
    description,
    extends: 'restore',
    takes: { frames: 8, lostDevice },
  };
  await writeFile(preset, JSON.stringify(own));
  const more = { preset, device, restorer: 'replace', keepWork: true } as const;
  opened = [];
  told = [];
  const plan = [...faults];
  const onEvent = (event: RunEvent) => void told.push(event);
  const openDevice = async (wish: FaceDevice) =>
    wish === 'cpu' ? thisThread() : openRunDevice(wish, () => drawnDevice(plan.shift() ?? 'fine'));
  await restoreJob(parseRestore(jobOf(at('reel'), at(out), PORTRAIT, more)), { ...QUIET, onEvent }, { openDevice });
  return reportSchema.parse(JSON.parse(await readFile(at(`${out}.report/report.json`), 'utf8')));
}

const devicesOf = ({ takes }: Report) => takes.map(({ device }) => device);

describe('a run on a device', () => {
  it('is named after it, and its takes are', async () => {
    const report = await restored('fine', {});
    expect(report.device).toEqual({ name: NAME, reason: '--device gpu:drawn was asked for.' });
    expect(devicesOf(report)).toEqual([NAME, 'copy', NAME]);
    expect(await filesOf(at('fine'))).toEqual(onCpu);
  });

  it('begins a take anew where the device is lost in it', async () => {
    const report = await restored('once', { faults: [['lost', 2], 'fine'] });
    expect(devicesOf(report)).toEqual([NAME, 'copy', NAME]);
    expect(report.notes).toContain(`${NAME} was lost in the midst of a take, which was begun anew on it.`);
    expect(await filesOf(at('once'))).toEqual(onCpu);
    const device = { device: NAME };
    expect(told.filter(({ code }) => code.includes('DEVICE'))).toEqual([
      { code: 'DEVICE_CHOSEN', labels: device, reason: '--device gpu:drawn was asked for.' },
      {
        code: 'E_DEVICE_LOST',
        labels: { shot: 1, take: '1001-1003', ...device },
        reason: 'lost',
        error: expect.objectContaining({ message: 'The drawn device failed: lost.' }),
      },
    ]);
  });

  it('goes on on the CPU where it is lost twice, from that take on', async () => {
    const report = await restored('twice', {
      faults: [
        ['lost', FRAMES + 2],
        ['lost', 2],
      ],
    });
    expect(devicesOf(report)).toEqual([NAME, 'copy', 'cpu']);
    expect(report.notes).toContain(
      `${NAME} could not go on (The drawn device failed: lost); from then on faces were rendered on the CPU.`,
    );
    expect(await filesOf(at('twice'))).toEqual(onCpu);
  });

  it('goes on on the CPU where it cannot be opened again', async () => {
    const report = await restored('gone', { faults: [['lost', 1], 'refused'] });
    expect(devicesOf(report)).toEqual(['cpu', 'copy', 'cpu']);
  });

  it('stops instead where the preset says so, and goes on when it is asked again', async () => {
    const given = { lostDevice: 'stop' } as const;
    const stopped = restored('stopped', {
      ...given,
      faults: [
        ['lost', FRAMES + 2],
        ['lost', 2],
      ],
    });
    await expect(stopped).rejects.toThrow(GpuError);
    await expect(stopped).rejects.toThrow(
      'The drawn device failed: lost. Finished takes are kept: give the same command again to go on, or with --device cpu.',
    );
    const report = await restored('stopped', given);
    expect(report.takes.map(({ redone }) => redone)).toEqual([false, false, true]);
    expect(await filesOf(at('stopped'))).toEqual(onCpu);
  });

  it('works on fewer frames at a time where its memory is short, at last on none', async () => {
    const report = await restored('short', { faults: [['out-of-memory', 1], ['out-of-memory', 1], 'fine'] });
    expect(opened).toEqual([4, 2, 1]);
    expect(devicesOf(report)).toEqual([NAME, 'copy', NAME]);
    expect(report.notes.filter((note) => note.includes('no memory left'))).toEqual([
      `${NAME} had no memory left; from then on it worked on 2 frames at a time.`,
      `${NAME} had no memory left; from then on it worked on 1 frame at a time.`,
    ]);
    const none = await restored('shorter', { faults: Array.from({ length: 3 }, () => ['out-of-memory', 1] as const) });
    expect(devicesOf(none)).toEqual(['cpu', 'copy', 'cpu']);
  });

  it('renders anew what another device had rendered, and says so', async () => {
    const stop = restored('moved', {
      lostDevice: 'stop',
      faults: [
        ['lost', FRAMES + 2],
        ['lost', 2],
      ],
    });
    await expect(stop).rejects.toThrow(GpuError);
    const report = await restored('moved', { lostDevice: 'stop', device: 'cpu' });
    expect(devicesOf(report)).toEqual(['cpu', 'copy', 'cpu']);
    expect(report.takes.map(({ redone }) => redone)).toEqual([true, false, true]);
    expect(report.notes).toContain(
      `Takes that an earlier run had rendered on ${NAME} were rendered anew on cpu: no two devices make the same bits.`,
    );
  });

  it('is refused with a sentence where it cannot be opened', async () => {
    await expect(restored('refused', { faults: ['refused'] })).rejects.toThrow(
      '--device gpu:drawn: There is no such device.',
    );
  });
});
