import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DeviceError } from '../../src/model/device-error.ts';
import { chooseDevice, openDevice } from '../../src/pipeline/render/choose-device.ts';
import { faceRenderer } from '../../src/render/face-renderer.ts';
import type { RenderingDevice } from '../../src/render/rendering-device.ts';
import { sideBySide } from '../../src/render/side-by-side.ts';
import { openRemote } from '../../src/workers/rpc.ts';
import { isSoftwareWanted, openTestGpu, SOFTWARE_SKIPPED } from '../compute/gpu/test-gpu.ts';
import { drawnReel } from '../render/drawn-reel.ts';

const CRASHING = join(import.meta.dirname, 'crashing-device-worker.mjs');

describe.skipIf(!isSoftwareWanted)(`the thread that owns a device${SOFTWARE_SKIPPED}`, () => {
  it('tells the same of a device whenever it is opened, so that takes find each other', async () => {
    const facts: RenderingDevice[] = [];
    for (let k = 0; k < 2; k++) {
      const { device, remote } = await openDevice('gpu:llvmpipe');
      facts.push(device);
      await remote[Symbol.asyncDispose]();
    }
    expect(facts[1]).toEqual(facts[0]);
    expect(facts[0]).toMatchObject({
      kind: 'gpu',
      description: expect.stringContaining('llvmpipe'),
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      kernels: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('restores the same as the processor', async () => {
    const { remote } = await openDevice('gpu:llvmpipe');
    const { agree } = await remote.call('probe', null);
    await remote[Symbol.asyncDispose]();
    expect(agree).toBe(true);
  });

  // A thread that ends while its device owes it an answer takes the process with it, and this test.
  it.each([100, 400, 1600])('ends while it computes, after %i ms', async (ms) => {
    const { remote } = await openDevice('gpu:llvmpipe');
    const probed = expect(remote.call('probe', null)).rejects.toThrow(/was closed while|ended with code 0/);
    await new Promise((resolve) => setTimeout(resolve, ms));
    await remote[Symbol.asyncDispose]();
    await probed;
  });

  it('ends by a fault of its own while it computes, which whoever waits is told', async () => {
    const { remote } = await openDevice('gpu:llvmpipe', () => openRemote(CRASHING));
    await expect(remote.call('probe', null)).rejects.toThrow('A fault of nobody.');
    await remote[Symbol.asyncDispose]();
  });

  it('is not chosen where it computes on the processor and was not named', async () => {
    const { device, reason, remote } = await chooseDevice('auto');
    expect({ device, remote }).toEqual({ device: { kind: 'cpu' }, remote: null });
    expect(reason).toMatch(
      /^The only graphics adapter, llvmpipe.*, computes on the processor, slower than the CPU's own code\.$/,
    );
    await expect(chooseDevice('gpu')).rejects.toThrow(
      /^--device gpu: The only graphics adapter, llvmpipe.*, computes on the processor.* Use --device cpu\.$/,
    );
  });

  it('is refused with what there is where no adapter has such a name', async () => {
    const refused = chooseDevice('gpu:no such card');
    await expect(refused).rejects.toThrow(DeviceError);
    await expect(refused).rejects.toThrow(
      /^--device gpu:no such card: No graphics adapter whose name has "no such card" in it was found\. There is "llvmpipe.*": give a part of such a name, or use --device cpu\.$/,
    );
  });

  it('holds no more memory after two hundred takes than after one', async () => {
    await using compute = await openTestGpu();
    const renderer = sideBySide(faceRenderer(undefined, compute), 4);
    const reel = await drawnReel(3);
    const { track } = reel.brief;
    const takeOf = async (comps: boolean) => {
      await renderer.begin(reel.brief);
      for (const frame of [0, 1, 2]) void renderer.lift(reel.face(frame));
      const comped = [0, 1, 2].map(
        (frame) => comps && renderer.comp({ track, frame, region: reel.face(frame).region }),
      );
      await Promise.all(comped);
      void renderer.forget({ track, frame: 1 });
      await renderer.end({ track });
    };
    await takeOf(true);
    // Tables of the plates' colours stay.
    const first = { ...compute.memory };
    expect(first.lent).toBeLessThan(2 ** 20);
    for (let take = 1; take < 200; take++) await takeOf(take % 40 === 39);
    const { lent, most } = compute.memory;
    expect(lent).toBe(first.lent);
    // Which of several faces asks first varies a little.
    expect(most).toBeLessThan(1.2 * first.most);
  });
});
