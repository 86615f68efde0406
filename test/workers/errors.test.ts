import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutputError } from '../../src/disk/output-error.ts';
import { ReelError } from '../../src/film/reel-error.ts';
import { StillError } from '../../src/film/still-error.ts';
import { ContractError } from '../../src/model/contract-error.ts';
import { ModelError } from '../../src/model/model-error.ts';
import { PUBLIC_ERRORS } from '../../src/workers/public-errors.ts';
import { openRemote, type Remote } from '../../src/workers/rpc.ts';

type Failing = Record<
  'contract' | 'still' | 'reel' | 'caused' | 'unknown' | 'circle' | 'sentence',
  (argument: null) => Promise<void>
>;

let worker: Remote<Failing>;

beforeAll(() => {
  worker = openRemote<Failing>(join(import.meta.dirname, 'failing-worker.mjs'));
});
afterAll(() => worker[Symbol.asyncDispose]());

/** What the worker's function rejects with, here. */
async function thrown(name: keyof Failing): Promise<Error & Record<string, unknown>> {
  return worker.call(name, null).then(
    () => expect.fail('Nothing was thrown.'),
    (error) => error,
  );
}

describe("a worker's error", () => {
  it('is a ContractError here too, with the port, both shapes and the stack that it had', async () => {
    const error = await thrown('contract');
    expect(error).toBeInstanceOf(ContractError);
    expect(error).toMatchObject({
      name: 'ContractError',
      model: 'eyes',
      port: 'image',
      expected: [1, 3, 'height', 'width'],
      received: [1, 1, 64, 64],
      message:
        'Model "eyes": input "image" should be [1, 3, height, width], but the file has [1, 1, 64, 64]. Correct the contract eyes.json, or the file it names.',
    });
    expect(error.stack).toContain('failing-worker.mjs');
  });

  it('is a StillError or a ReelError where it was one', async () => {
    expect(await thrown('still')).toBeInstanceOf(StillError);
    expect(await thrown('reel')).toBeInstanceOf(ReelError);
  });

  it('keeps its chain of causes, each with its class and fields', async () => {
    const error = await thrown('caused');
    expect(error).toBeInstanceOf(ModelError);
    expect(error.cause).toBeInstanceOf(OutputError);
    expect(error.cause).toMatchObject({ path: '/cache', cause: { message: 'full', code: 'ENOSPC' } });
  });

  it('of a class that is not public is an Error of its name, with what of its fields can be posted', async () => {
    const error = await thrown('unknown');
    expect(Object.getPrototypeOf(error)).toBe(Error.prototype);
    expect(error).toMatchObject({ name: 'KernelError', message: 'Tile lost.', tile: [3, 4], cause: 'power' });
    expect(error['retry']).toBeUndefined();
  });

  it('is told where its causes run in a circle, and where it is no Error', async () => {
    expect(await thrown('circle')).toMatchObject({ message: 'one', cause: { message: 'another' } });
    expect(await thrown('sentence')).toMatchObject({ name: 'Error', message: 'no error at all' });
  });
});

describe('the public errors', () => {
  it('are known by the names that they give themselves', () => {
    for (const [name, { prototype }] of PUBLIC_ERRORS) expect(prototype.constructor.name).toBe(name);
  });
});
