import { sha256Of } from '../disk/sha256.ts';
import { inParallel } from '../stream/in-parallel.ts';
import { manifestKey, type NamedManifest, objectKey } from './backup-manifest.ts';
import type { BackupTarget } from './backup-target.ts';
import { type Asking, copyObject } from './object-copy.ts';
import { SourceError, sourceContent } from './read-source.ts';
import type { SourceContent } from './source-content.ts';
import { TargetError } from './target-error.ts';
import type { Patience } from './while-moving.ts';

/** What became of one target's copy. */
export interface BackedUpTarget {
  /** As it was given. */
  readonly target: string;
  /** True where every object was read back from it and found to be what it should be, and the manifest, too. */
  readonly good: boolean;
  /** Objects that were sent, and their bytes. */
  readonly sent: number;
  readonly sentBytes: number;
  /** Objects that were there already; they were read back, too. */
  readonly kept: number;
  /** Why it is not good, as a sentence. */
  readonly why?: string;
}

/** Bytes from which on objects are sent one at a time: parts of several would fill the memory. */
const LARGE = 2 ** 25;
/** Smaller ones that are on their way at a time, since each waits for answers most of its time. */
const SMALL_AT_ONCE = 4;

/** Supplies a target with content until all is there, or it fails. */
export async function supplyTarget(
  target: BackupTarget,
  content: readonly SourceContent[],
  /** @param changed why content is not what it was read as, by its hash; what is found so is added */
  { changed, ...asking }: Asking & { readonly changed: Map<string, string> },
): Promise<BackedUpTarget> {
  const counts = { sent: 0, sentBytes: 0, kept: 0 };
  const supply = async (object: SourceContent | undefined): Promise<void> => {
    if (!object || changed.has(object.sha256)) return;
    try {
      const open = () => sourceContent(object.source, object);
      if (await copyObject(target, objectKey(object.sha256), object, open, asking)) {
        counts.sent += 1;
        counts.sentBytes += object.size;
      } else {
        counts.kept += 1;
        // Nothing was sent of what was to be sent and read.
        asking.onBytes(object.size);
      }
    } catch (cause) {
      if (!(cause instanceof SourceError)) throw cause;
      changed.set(object.sha256, cause.message);
    }
  };
  const large = content.filter(({ size }) => size >= LARGE);
  const small = content.filter(({ size }) => size < LARGE);
  try {
    for (const object of large) await supply(object);
    await inParallel(small.length, SMALL_AT_ONCE, (k) => supply(small[k]));
    return { target: target.name, good: true, ...counts };
  } catch (cause) {
    return { target: target.name, good: false, ...counts, why: whyOf(cause) };
  }
}

/** Gives a target that has all content the manifest, and reads it back; what then becomes of its copy. */
export async function completeTarget(
  target: BackupTarget,
  supplied: BackedUpTarget,
  { id, bytes }: NamedManifest,
  patience: Patience,
): Promise<BackedUpTarget> {
  const object = { sha256: sha256Of(bytes), size: bytes.length };
  try {
    await copyObject(target, manifestKey(id), object, () => once(bytes), { ...patience, onBytes: () => {} });
    return supplied;
  } catch (cause) {
    return { ...supplied, good: false, why: whyOf(cause) };
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** @throws what is not a target's trouble */
function whyOf(cause: unknown): string {
  if (cause instanceof TargetError) return cause.message;
  throw cause;
}
