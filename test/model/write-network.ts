import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Of } from '../../src/disk/sha256.ts';

/** What a contract says that a test does not care for. */
const COMMON = {
  format: 'onnx',
  licence: { stated: 'MIT', statedIn: 'this test', notStated: 'nothing' },
  provenance: 'drawn',
  threshold: 0,
  cost: 1,
};

/**
 * Writes a network as `<id>.onnx`, and a contract for it beside it.
 *
 * @param facts of the contract: task, template, ports and decoder, and what else is to be otherwise than in others
 * @returns the contract's path, by which a library finds it
 */
export async function writeNetwork(folder: string, id: string, bytes: Uint8Array, facts: object): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${id}.onnx`), bytes);
  const files = [{ source: `file:${id}.onnx`, sha256: sha256Of(bytes) }];
  const path = join(folder, `${id}.json`);
  await writeFile(path, JSON.stringify({ ...COMMON, title: id, ...facts, id, files }));
  return path;
}
