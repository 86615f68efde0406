import { describe, expect, it } from 'vitest';
import type { RunningDevice } from '../../src/model/network-device.ts';
import { networkOpener } from '../../src/render/network-opener.ts';
import type { LikenessService } from '../../src/workers/likeness-service.ts';
import { openRemote } from '../../src/workers/rpc.ts';
import type { ModelChoice, TrackingService } from '../../src/workers/tracking-service.ts';

/** A device that no machine has, so that whoever is told of it fails. */
const NOWHERE = 'nowhere' as RunningDevice;
const FAILS = /The device "nowhere" does not work here: /;

const MODELS = { detector: 'mediapipe-face-full', landmarker: 'facemesh-468', recogniser: 'mobilefacenet-192' };

describe('the device that networks are to run on', () => {
  it('reaches the networks of tracking', async () => {
    await using worker = openRemote<TrackingService>('tracking-worker');
    const choice: ModelChoice = { ...MODELS, device: NOWHERE };
    await expect(worker.call('open', choice)).rejects.toThrow(FAILS);
  });

  it('reaches the recogniser that judges likeness', async () => {
    await using worker = openRemote<LikenessService>('likeness-worker');
    await expect(worker.call('open', { recogniser: 'mobilefacenet-192', device: NOWHERE })).rejects.toThrow(FAILS);
  });

  it('reaches the networks of restorers, each of which is opened once a device', async () => {
    const networksOn = networkOpener();
    await expect(networksOn(NOWHERE).upscaler('esrgan-slim')).rejects.toThrow(FAILS);
    const [first, second] = [networksOn('cpu').upscaler('esrgan-slim'), networksOn('cpu').upscaler('esrgan-slim')];
    expect(await second).toBe(await first);
  });
});
