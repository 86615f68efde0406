import { stat } from 'node:fs/promises';
import type { TargetAddress } from './target-address.ts';
import { type Patience, whileMoving } from './while-moving.ts';

/**
 * Says which targets one disk takes with it when it fails, and which lie on the disk of what they are copies of: so does a folder on
 * which its disk is not mounted.
 *
 * @param addresses of targets that are there
 * @param sources paths of what is backed up
 */
export async function sharedDisks(
  addresses: readonly TargetAddress[],
  sources: readonly string[],
  patience: Patience,
): Promise<string[]> {
  const ofSources = new Map<number, string>();
  for (const path of sources) {
    const disk = await diskOf(path, patience);
    if (disk !== undefined && !ofSources.has(disk)) ofSources.set(disk, path);
  }
  const ofTargets = new Map<number, string[]>();
  for (const address of addresses) {
    const disk = address.kind === 'file' ? await diskOf(address.folder, patience) : undefined;
    if (disk !== undefined) ofTargets.set(disk, [...(ofTargets.get(disk) ?? []), address.name]);
  }
  return [...ofTargets].flatMap(([disk, names]) => {
    const source = ofSources.get(disk);
    const lie = `${names.join(' and ')} ${names.length === 1 ? 'lies' : 'lie'}`;
    if (source !== undefined) return [`${lie} on the disk of "${source}": where it fails, all of them are lost.`];
    return names.length > 1 ? [`${lie} on one disk: where it fails, all of them are lost.`] : [];
  });
}

/** Undefined where that cannot be told, or not in time. */
async function diskOf(path: string, patience: Patience): Promise<number | undefined> {
  const facts = await whileMoving(path, patience, () => stat(path)).catch(() => null);
  patience.signal.throwIfAborted();
  return facts?.dev;
}
