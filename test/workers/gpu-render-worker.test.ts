import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DeviceError } from '../../src/model/device-error.ts';
import { chooseDevice, openDevice } from '../../src/pipeline/render/choose-device.ts';
import { faceRenderer } from '../../src/render/face-renderer.ts';
import type { RenderingDevice } from '../../src/render/rendering-device.ts';
import { sideBySide } from '../../src/render/side-by-side.ts';
import { GPU_SKIPPED, isSoftwareWanted, openTestGpu } from '../compute/gpu/test-gpu.ts';
import { drawnReel, SIZE } from '../render/drawn-reel.ts';

const CRASHING = join(import.meta.dirname, 'crashing-device-worker.mjs');

describe.skipIf(!isSoftwareWanted)(`the thread that owns a device${GPU_SKIPPED}`, () => {
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
    const { remote } = await openDevice('gpu:llvmpipe', CRASHING);
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

  it('holds no memory after two hundred takes', async () => {
    await using compute = await openTestGpu();
    const renderer = sideBySide(faceRenderer(undefined, compute), 4);
    const reel = await drawnReel(3);
    const rgb = new Float32Array(3 * SIZE * SIZE).fill(0.5);
    for (let take = 0; take < 200; take++) {
      await renderer.begin(reel.brief);
      for (const frame of [0, 1, 2]) {
        const { region: _, ...placed } = reel.face(frame);
        await renderer.share({ ...placed, rgb });
      }
      await renderer.forget({ track: reel.brief.track, frame: 1 });
      await renderer.end({ track: reel.brief.track });
    }
    const { lent, most } = compute.memory();
    expect(lent).toBe(0);
    // Three patches at once, and never those of another take.
    expect(most).toBeLessThanOrEqual(3 * rgb.byteLength + 4096);
  });
});
