import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder for one test. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'reelmend-backup-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Folders below one, by their names, made. */
export async function foldersIn<Name extends string>(
  path: string,
  names: readonly Name[],
): Promise<Record<Name, string>> {
  const made = names.map(async (name) => {
    await mkdir(join(path, name));
    return [name, join(path, name)] as const;
  });
  return Object.fromEntries(await Promise.all(made)) as Record<Name, string>;
}

/** Bytes of a file that S3 takes in several parts. */
const MANY_PARTS = 18 * 2 ** 20 + 3;

/** A folder that looks like a finished reel: frames, one of them twice, an empty file, one that is large; odd names, times and modes. */
export async function drawReel(folder: string, { large = MANY_PARTS } = {}): Promise<void> {
  const frame = randomBytes(300_000);
  const files: readonly (readonly [string, Buffer, number])[] = [
    ['frames/scan.1001.dpx', frame, 0o644],
    ['frames/scan.1002.dpx', frame, 0o444],
    ['frames/scan.1003.dpx', randomBytes(300_001), 0o600],
    ['frames/shot 2 & ö/scan+1.dpx', randomBytes(70_000), 0o644],
    ['empty.txt', Buffer.alloc(0), 0o644],
    ['report/report.json', Buffer.from('{}\n'), 0o640],
    ['sound.mkv', randomBytes(large), 0o755],
  ];
  for (const [k, [name, bytes, mode]] of files.entries()) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
    await utimes(join(folder, name), 1_600_000_000.25 + k, 1_600_000_000.25 + k);
    await chmod(join(folder, name), mode);
  }
  await mkdir(join(folder, 'nothing'));
  await chmod(join(folder, 'frames'), 0o750);
  await utimes(join(folder, 'frames'), 1_500_000_000, 1_500_000_000);
}

/** All that lies below a folder: `path mode time size hash`. Times to the microsecond. */
export async function picture(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const lines = names.map(async (name) => {
    const facts = await stat(join(folder, name), { bigint: true });
    const hash = facts.isFile()
      ? createHash('sha256')
          .update(await readFile(join(folder, name)))
          .digest('hex')
      : 'folder';
    const size = facts.isFile() ? facts.size : 0n;
    return [name, (facts.mode & 0o7777n).toString(8), facts.mtimeNs / 1000n, size, hash].join(' ');
  });
  return (await Promise.all(lines)).sort();
}
