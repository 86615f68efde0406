import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Contract } from '../../src/model/contract.ts';
import { ContractError } from '../../src/model/contract-error.ts';
import { DeviceError } from '../../src/model/device-error.ts';
import { openLibrary } from '../../src/model/library.ts';
import { openSession } from '../../src/model/session.ts';

let path: string;
let contract: Contract;
let folder: string;

beforeAll(async () => {
  const library = openLibrary();
  path = await library.pull('facemesh-468');
  contract = await library.contract('facemesh-468');
  folder = await mkdtemp(join(tmpdir(), 'reelmend-session-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('opening a network', () => {
  it('runs on the CPU and says so', async () => {
    await using session = await openSession(path, contract);
    expect(session.device).toBe('cpu');
    const outputs = await session.run(new Float32Array(192 * 192 * 3));
    expect([...outputs].map(([name, data]) => [name, data.length])).toEqual([
      ['output_mesh', 1404],
      ['output_faceflag', 1],
    ]);
  });

  it('refuses an input of another shape, with port, expected and found', async () => {
    const other = { ...contract, input: { ...contract.input, shape: [1, 256, 256, 3] } };
    const error = await openSession(path, other).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ContractError);
    expect(error).toMatchObject({
      message:
        'Model "facemesh-468": input "input_1" should be [1, 256, 256, 3], but the file has [1, 192, 192, 3]. ' +
        'Correct the contract facemesh-468.json, or the file it names.',
      port: 'input_1',
      expected: [1, 256, 256, 3],
      received: [1, 192, 192, 3],
    });
  });

  it('refuses an output that is not there, naming those that are', async () => {
    const outputs = [{ name: 'mesh', shape: [1, 1404], meaning: 'points' }];
    await expect(openSession(path, { ...contract, outputs })).rejects.toThrow(
      'Model "facemesh-468": output "mesh" should be [1, 1404], but the file has no output of this name (it has: output_mesh, output_faceflag).',
    );
  });

  it('refuses an input of another name', async () => {
    await expect(openSession(path, { ...contract, input: { ...contract.input, name: 'image' } })).rejects.toThrow(
      'Model "facemesh-468": input "image" should be [1, 192, 192, 3], but the file has no input of this name (it has: input_1).',
    );
  });

  it('refuses what is no network', async () => {
    const file = join(folder, 'not.onnx');
    await writeFile(file, 'not a network');
    await expect(openSession(file, contract)).rejects.toThrow(
      /^Model "facemesh-468": .*not\.onnx cannot be opened as an ONNX network: /,
    );
  });

  it('says what is wrong with a device that was asked for and does not work', async () => {
    const opened = await openSession(path, contract, { device: 'cuda' }).catch((cause: unknown) => cause);
    if (opened instanceof Error) {
      expect(opened).toBeInstanceOf(DeviceError);
      expect(opened.message).toMatch(
        /^The device "cuda" does not work here: .+ Use --device cpu, or install what it needs/,
      );
    } else await (opened as AsyncDisposable)[Symbol.asyncDispose]();
  });

  it('falls back on the CPU where `auto` finds nothing better, and opens', async () => {
    await using session = await openSession(path, contract, { device: 'auto' });
    expect(['cpu', 'cuda']).toContain(session.device);
  });
});
