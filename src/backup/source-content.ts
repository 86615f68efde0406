import type { RunOptions } from '../pipeline/run-options.ts';
import type { BackedUpFile, BackupManifest } from './backup-manifest.ts';
import type { FoundSources } from './find-sources.ts';
import type { BackupObject } from './object-copy.ts';
import { readSource, SourceError } from './read-source.ts';
import { transferMeter } from './transfer-meter.ts';

/** Content, and a file that holds it. */
export interface SourceContent extends BackupObject {
  /** Absolute. */
  readonly source: string;
}

/** The files of a backup, as they were read. */
export interface ReadSources {
  readonly files: readonly BackedUpFile[];
  /** Their content, each once. */
  readonly content: readonly SourceContent[];
  /** What could not be read. */
  readonly leftOut: BackupManifest['leftOut'];
}

/** Reads and hashes every file, one at a time. */
export async function readSources(found: FoundSources, { onProgress, signal }: RunOptions): Promise<ReadSources> {
  const total = found.files.reduce((sum, { size }) => sum + size, 0);
  const meter = transferMeter('reading', { total }, onProgress);
  const files: BackedUpFile[] = [];
  const content = new Map<string, SourceContent>();
  const leftOut: BackupManifest['leftOut'] = [];
  for (const { path, source, size } of found.files) {
    using share = meter.share(size);
    try {
      const facts = await readSource(source, { signal, onBytes: share.onBytes });
      files.push({ path, ...facts });
      if (!content.has(facts.sha256)) content.set(facts.sha256, { sha256: facts.sha256, size: facts.size, source });
    } catch (cause) {
      if (!(cause instanceof SourceError)) throw cause;
      leftOut.push({ path, why: cause.message });
    }
  }
  return { files, content: [...content.values()], leftOut };
}
