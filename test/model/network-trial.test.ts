import { describe, expect, it } from 'vitest';
import { isRunningDevice, providerOf } from '../../src/model/network-device.ts';
import { faultIn, trialAnswer, tryDevice } from '../../src/model/network-trial.ts';
import { networkProviders } from '../../src/model/open-on-device.ts';

describe('devices of networks', () => {
  it('are named by their providers, some with a number', () => {
    for (const name of ['cpu', 'coreml', 'webgpu', 'cuda', 'cuda:1', 'tensorrt:12', 'dml']) {
      expect([name, isRunningDevice(name)]).toEqual([name, true]);
    }
    for (const name of ['auto', 'gpu', 'cpu:1', 'cuda:', 'cuda:x', 'Cuda', 'cuda:1000', 'webgpu:0', ' cuda']) {
      expect([name, isRunningDevice(name)]).toEqual([name, false]);
    }
    expect(providerOf('cuda:1')).toEqual({ name: 'cuda', number: 1 });
    expect(providerOf('webgpu')).toEqual({ name: 'webgpu', number: 0 });
  });
});

describe('the trial network', () => {
  it('is answered right by the processor', async () => {
    expect(await tryDevice('cpu')).toBeNull();
  });

  // Drawn by a graphics driver, which tests may use only where they are told to.
  it.runIf(process.env['REELMEND_TEST_GPU'])('is answered right by a graphics adapter', async () => {
    expect(await tryDevice('webgpu')).toBeNull();
  });

  it('is answered wrong where a number is, or is missing', () => {
    const right = trialAnswer();
    expect(faultIn(right)).toBeNull();
    expect(faultIn(right.map((v, i) => (i === 7 ? v + 0.5 : v)))).toBe(
      'It answers a trial network otherwise than it should (by 0.50 where 0.005 may be): update its driver.',
    );
    expect(faultIn(right.slice(1))).not.toBeNull();
    expect(faultIn(right.map(() => Number.NaN))).not.toBeNull();
  });

  it('tells what this build of the runtime has not', async () => {
    const here = networkProviders().map(({ name }) => name);
    for (const device of ['coreml', 'dml'] as const) {
      if (here.includes(device)) continue;
      expect(await tryDevice(device)).toBe(`This build of onnxruntime has no "${device}"; it has ${here.join(', ')}.`);
    }
  });
});
