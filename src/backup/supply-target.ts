import { sha256Of } from '../disk/sha256.ts';
import { inParallel } from '../stream/in-parallel.ts';
import { manifestKey, type NamedManifest, objectKey } from './backup-manifest.ts';
import type { BackupTarget } from './backup-target.ts';
import { type Asking, copyObject, isThere } from './object-copy.ts';
import { SourceError, sourceContent } from './read-source.ts';
import type { SourceContent } from './source-content.ts';
import { TargetError } from './target-error.ts';
import { trustedContent } from './trusted-content.ts';
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
  /** Objects that were there already, and were read back, too. */
  readonly kept: number;
  /** Objects that were there already, and were not read again, since an earlier backup had read them. */
  readonly trusted: number;
  /** Why it is not good, as a sentence. */
  readonly why?: string;
}

/** Bytes from which on objects are sent one at a time: parts of several would fill the memory. */
const LARGE = 2 ** 25;
/** Smaller ones that are on their way at a time, since each waits for answers most of its time. */
const SMALL_AT_ONCE = 4;

/** How a target is supplied. */
export interface Supplying extends Asking {
  /** Why content is not what it was read as, by its hash; what is found so is added. */
  readonly changed: Map<string, string>;
  /** How many days ago a backup may have read content that is not read again, and from when they are counted. */
  readonly days: number;
  readonly now: Date;
}

/** Supplies a target with content until all is there, or it fails. */
export async function supplyTarget(
  target: BackupTarget,
  content: readonly SourceContent[],
  { changed, ...asking }: Supplying,
): Promise<BackedUpTarget> {
  const counts = { sent: 0, sentBytes: 0, kept: 0, trusted: 0 };
  const trusted = await trustedContent(target, asking);
  const supply = async (object: SourceContent | undefined): Promise<void> => {
    if (!object || changed.has(object.sha256)) return;
    const key = objectKey(object.sha256);
    if (trusted.has(object.sha256) && (await isThere(target, key, object, asking))) {
      counts.trusted += 1;
      asking.onBytes(2 * object.size);
      return;
    }
    try {
      const open = () => sourceContent(object.source, object);
      if (await copyObject(target, key, object, open, asking)) {
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
