import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KnownNetwork, parseKnownNetwork } from '../contract.ts';
import { contractsFolder } from '../contracts-folder.ts';

/** Every network that is recognised by its file, by id: those of `models/known/`. */
export async function knownNetworks(): Promise<KnownNetwork[]> {
  const folder = join(contractsFolder(), 'known');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    names.map(async (name) => parseKnownNetwork(await readFile(join(folder, name), 'utf8'), `known/${name}`)),
  );
}
