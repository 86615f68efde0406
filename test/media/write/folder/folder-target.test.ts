import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import fsp from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freeBytes, sweepStale } from '../../../../src/disk/durable.ts';
import { OutputError, outputError } from '../../../../src/disk/output-error.ts';
import { sha256Of } from '../../../../src/disk/sha256.ts';
import type { FolderReel } from '../../../../src/film/reel.ts';
import { sampleFormat } from '../../../../src/film/sample-format.ts';
import { type Ffmpeg, findFfmpeg } from '../../../../src/media/ffmpeg/ffmpeg.ts';
import { openFolder } from '../../../../src/media/read/folder/frame-folder.ts';
import { openFolderTarget } from '../../../../src/media/write/folder/folder-target.ts';
import { assertTargetFree, restoreReplaced } from '../../../../src/media/write/publish-frames.ts';
import type { Segment, Target } from '../../../../src/media/write/target.ts';
import { decodeStill, drawStill, repaint } from '../../still/footage.ts';
import { FIRST, never, placeIn } from '../../write-take.ts';

let ffmpeg: Ffmpeg;
let reel: FolderReel;
const root = mkdtempSync(join(tmpdir(), 'reelmend-target-'));
const WIDTH = 48;
const HEIGHT = 32;
const FRAMES = 6;
/** Frame 2 is cut off, frame 4 is missing. */
const scan = drawStill('dpx', 'gbrp10be', `${WIDTH}x${HEIGHT}`);

beforeAll(async () => {
  ffmpeg = await findFfmpeg({});
  const source = join(root, 'source');
  mkdirSync(source);
  for (let i = 0; i < FRAMES; i++) {
    const bytes = Buffer.from(scan);
    bytes[100] = i;
    if (i !== 4) writeFileSync(join(source, `scan ${1001 + i}.dpx`), i === 2 ? bytes.subarray(0, 4000) : bytes);
  }
  reel = await openFolder(source, { transfer: 'auto', allowGaps: true }, ffmpeg);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const realRename = fsp.rename;
const realRm = fsp.rm;
const realRmdir = fsp.rmdir;
afterEach(() => {
  Object.assign(fsp, { rename: realRename, rm: realRm, rmdir: realRmdir });
  syncBuiltinESMExports();
});

/** Lets everything that moves or removes fail from the call numbered `step` on, as if the process had been killed; answers the way back. */
function stopAt(step: number): () => void {
  let steps = 0;
  const stopping =
    <Args extends unknown[]>(real: (...args: Args) => Promise<void>) =>
    (...args: Args) => {
      steps += 1;
      return steps >= step ? Promise.reject(new Error('stopped')) : real(...args);
    };
  Object.assign(fsp, { rename: stopping(realRename), rm: stopping(realRm), rmdir: stopping(realRmdir) });
  syncBuiltinESMExports();
  return () => {
    Object.assign(fsp, { rename: realRename, rm: realRm, rmdir: realRmdir });
    syncBuiltinESMExports();
  };
}

function hashOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest('hex');
}

let count = 0;
function freshPaths(): { out: string; work: string } {
  const out = join(root, `out ${count++}`);
  return { out, work: `${out}.work` };
}

/** Both takes: frames 0 … 2 with frame 1 repainted, frames 3 … 5 untouched. */
async function renderAll(target: Target, work: string): Promise<Segment[]> {
  await using take = await target.openTake({ in: 0, out: 3 }, placeIn(work));
  await take.pass(0);
  const plate = {
    ...decodeStill('dpx', readFileSync(reel.files[1] as string), 'gbrp10le', { width: WIDTH, height: HEIGHT }),
    frame: 1,
  };
  await take.write(repaint(plate, 10, 14), { in: 10, out: 14 });
  await take.pass(2);
  const first = await take.finish();
  return [first, await target.copyTake({ in: 3, out: 6 }, placeIn(work))];
}

const whole = { in: 0, out: FRAMES };
/** What lies under the name is a part of the same output. */
const AGAIN = { ...FIRST, replace: true };

describe('a folder target', () => {
  test('holds copies of what did not change, and the source with its changed rows', async () => {
    const { out, work } = freshPaths();
    const before = hashOf(join(root, 'source'));
    const target = await openFolderTarget(reel, { out, work, range: whole });
    expect(target.estimatedBytes(FRAMES)).toBe(4 * scan.length + 4000);
    expect(target.notes).toEqual([]);
    const segments = await renderAll(target, work);
    expect(existsSync(out)).toBe(false);
    expect(await Promise.all(segments.map((segment) => target.holds(segment)))).toEqual([true, true]);

    const [output] = await target.conform(segments, FIRST);
    expect(output).toMatchObject({ path: out, frames: 5 });
    const names = [1001, 1002, 1003, 1004, 1006].map((n) => `scan ${n}.dpx`);
    expect(readdirSync(out).sort()).toEqual(names);
    const hashes = names.map((name) => sha256Of(readFileSync(join(out, name))));
    expect(output?.pictures?.map(({ sha256 }) => sha256)).toEqual(hashes);
    // As of: sha256sum * | cut -d' ' -f1 | sha256sum
    expect(output?.sha256).toBe(sha256Of(hashes.map((hash) => `${hash}\n`).join('')));
    for (const name of names) {
      const same = readFileSync(join(out, name)).equals(readFileSync(join(root, 'source', name)));
      expect(same, name).toBe(name !== 'scan 1002.dpx');
    }
    const source = readFileSync(join(root, 'source', 'scan 1002.dpx'));
    const changed = readFileSync(join(out, 'scan 1002.dpx'));
    expect(changed.length).toBe(source.length);
    const rowBytes = WIDTH * 4;
    const pictureAt = source.readUInt32BE(4);
    expect(changed.subarray(0, pictureAt + 10 * rowBytes).equals(source.subarray(0, pictureAt + 10 * rowBytes))).toBe(
      true,
    );
    expect(changed.subarray(pictureAt + 14 * rowBytes).equals(source.subarray(pictureAt + 14 * rowBytes))).toBe(true);
    const read = decodeStill('dpx', changed, 'gbrp10le', { width: WIDTH, height: HEIGHT });
    const plate = decodeStill('dpx', source, 'gbrp10le', { width: WIDTH, height: HEIGHT });
    expect(Buffer.from(read.bytes).equals(repaint(plate, 10, 14).bytes)).toBe(true);
    expect(hashOf(join(root, 'source'))).toBe(before);
  });

  test('delivers a part of a reel under its own numbers, into an empty folder', async () => {
    const { out, work } = freshPaths();
    mkdirSync(out);
    const target = await openFolderTarget(reel, { out, work, range: { in: 2, out: 4 } });
    const [output] = await target.conform([await target.copyTake({ in: 2, out: 4 }, placeIn(work))], FIRST);
    expect(output?.frames).toBe(2);
    expect(readdirSync(out).sort()).toEqual(['scan 1003.dpx', 'scan 1004.dpx']);
  });

  test('shows nothing of a take that was not finished', async () => {
    const { out, work } = freshPaths();
    const target = await openFolderTarget(reel, { out, work, range: whole });
    {
      await using take = await target.openTake({ in: 0, out: 3 }, placeIn(work));
      await take.pass(0);
      await expect(take.pass(2)).rejects.toThrow('Frame 2 was written where frame 1 was due.');
      await expect(take.finish()).rejects.toThrow('A take of 3 frames was finished after 1.');
    }
    const aborted = target.copyTake(
      { in: 0, out: 3 },
      { ...placeIn(work), signal: AbortSignal.abort(new Error('enough')) },
    );
    await expect(aborted).rejects.toThrow('enough');
    expect(readdirSync(work)).toEqual([]);
  });

  test('notices a segment whose files were changed or removed', async () => {
    const { out, work } = freshPaths();
    const target = await openFolderTarget(reel, { out, work, range: whole });
    const segment = await target.copyTake({ in: 0, out: 3 }, placeIn(work));
    const file = join(work, readdirSync(work)[0] as string, 'scan 1001.dpx');
    const bytes = readFileSync(file);
    writeFileSync(
      file,
      bytes.map((byte, i) => (i === 5000 ? byte ^ 1 : byte)),
    );
    expect(await target.holds(segment)).toBe(false);
    rmSync(file);
    expect(await target.holds(segment)).toBe(false);
    await target.copyTake({ in: 0, out: 3 }, placeIn(work));
    expect(await target.holds(segment)).toBe(true);
  });

  describe('whose files are as they were left, by size and time', () => {
    /** A segment of three files, and the first of them. */
    async function leftSegment() {
      const { out, work } = freshPaths();
      const target = await openFolderTarget(reel, { out, work, range: whole });
      const segments = await renderAll(target, work);
      const [segment] = segments as [Segment];
      const file = join(work, readdirSync(work).sort()[0] as string, 'scan 1001.dpx');
      return { out, work, target, segments, segment, file, bytes: readFileSync(file), times: statSync(file) };
    }
    const flipped = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 5000 ? byte ^ 1 : byte));

    test('knows its segments without reading them', async () => {
      const { target, segment, segments, file, bytes, times } = await leftSegment();
      expect(await Promise.all(segments.map((one) => target.stands(one)))).toEqual([true, true]);
      const { files: _, ...untold } = segment;
      expect(await target.stands(untold)).toBe(false);
      expect(await target.stands({ ...segment, sha256: '0'.repeat(64) })).toBe(false);
      writeFileSync(file, bytes.subarray(1));
      await fsp.utimes(file, times.atime, times.mtime);
      expect(await target.stands(segment)).toBe(false);
      writeFileSync(file, bytes);
      await fsp.utimes(file, times.atime, new Date(times.mtimeMs + 1000));
      expect(await target.stands(segment)).toBe(false);
      expect(await target.holds(segment)).toBe(true);
    });

    test('refuses to join a file that was written to since its take was finished', async () => {
      const { out, target, segment, segments, file, bytes, times } = await leftSegment();
      writeFileSync(file, flipped(bytes));
      await fsp.utimes(file, times.atime, new Date(times.mtimeMs + 1000));
      await expect(target.conform(segments, FIRST)).rejects.toThrow(
        new OutputError(
          file,
          `"${file}" was changed since its take was finished: it should have SHA-256 ${segment.files?.[0]?.sha256}, and has ${sha256Of(flipped(bytes))}. Run the same command again to render it anew.`,
        ),
      );
      expect(existsSync(out)).toBe(false);
    });

    test('says of a file that has rotted on the disk what was written, not what is there', async () => {
      const { out, target, segments, file, bytes, times } = await leftSegment();
      writeFileSync(file, flipped(bytes));
      await fsp.utimes(file, times.atime, times.mtime);
      const [output] = await target.conform(segments, FIRST);
      expect(output?.pictures?.[0]).toEqual({ frame: 0, name: 'scan 1001.dpx', sha256: sha256Of(bytes) });
      expect(sha256Of(readFileSync(join(out, 'scan 1001.dpx')))).not.toBe(output?.pictures?.[0]?.sha256);
    });

    test('reads what nobody has told the hashes of', async () => {
      const { target, segments } = await leftSegment();
      const told = await target.conform(segments, { ...FIRST, keep: true });
      const untold = segments.map(({ files: _, ...segment }) => segment);
      expect(await target.conform(untold, { ...AGAIN, keep: true })).toEqual(told);
    });
  });

  test('is finished by the next run after a stop at any of its steps', async () => {
    const reference = freshPaths();
    const done = await openFolderTarget(reel, { ...reference, range: whole });
    await done.conform(await renderAll(done, reference.work), FIRST);
    const expected = hashOf(reference.out);

    let stops = 0;
    for (let step = 1; ; step++) {
      const { out, work } = freshPaths();
      const target = await openFolderTarget(reel, { out, work, range: whole });
      const segments = await renderAll(target, work);
      const undo = stopAt(step);
      const stopped = await target.conform(segments, FIRST).then(
        () => false,
        () => true,
      );
      undo();
      if (!stopped) break;
      stops += 1;
      // A folder under the final name is whole, or is not there.
      if (existsSync(out)) expect(hashOf(out)).toBe(expected);

      const again = await openFolderTarget(reel, { out, work, range: whole });
      for (const segment of segments) expect(await again.holds(segment), `after step ${step}`).toBe(true);
      await again.conform(segments, AGAIN);
      expect(hashOf(out)).toBe(expected);
      await again.conform(segments, AGAIN);
      expect(hashOf(out)).toBe(expected);
    }
    expect(stops).toBeGreaterThanOrEqual(8);
  });

  describe('that replaces an earlier output', () => {
    /** An earlier output with other bytes under the same names, and a target whose segments are kept. */
    async function earlierOutput(): Promise<{ out: string; work: string; segments: Segment[] }> {
      const { out, work } = freshPaths();
      mkdirSync(out);
      for (const n of [1001, 1002, 1003]) writeFileSync(join(out, `scan ${n}.dpx`), `earlier ${n}`);
      const target = await openFolderTarget(reel, { out, work, range: whole });
      return { out, work, segments: await renderAll(target, join(work, 'takes')) };
    }
    const REDO = { signal: never, replace: true, keep: true };
    const reopened = ({ out, work }: { out: string; work: string }) =>
      openFolderTarget(reel, { out, work, range: whole });

    test('has the one or the other whole at every step, and keeps its segments', async () => {
      const reference = await earlierOutput();
      const earlier = hashOf(reference.out);
      await (await reopened(reference)).conform(reference.segments, REDO);
      const expected = hashOf(reference.out);
      expect(expected).not.toBe(earlier);

      let stops = 0;
      for (let step = 1; ; step++) {
        const place = await earlierOutput();
        const target = await reopened(place);
        const undo = stopAt(step);
        const stopped = await target.conform(place.segments, REDO).then(
          () => false,
          () => true,
        );
        undo();
        if (!stopped) break;
        stops += 1;
        await restoreReplaced(place.out, place.work);
        expect([earlier, expected], `after step ${step}`).toContain(hashOf(place.out));

        const again = await reopened(place);
        for (const segment of place.segments) expect(await again.holds(segment)).toBe(true);
        await again.conform(place.segments, REDO);
        expect(hashOf(place.out)).toBe(expected);
        expect(readdirSync(place.work)).toEqual(['takes']);
      }
      expect(stops).toBe(4);
    });

    test('refuses to without being told so, and touches nothing', async () => {
      const place = await earlierOutput();
      const earlier = hashOf(place.out);
      await expect((await reopened(place)).conform(place.segments, FIRST)).rejects.toThrow(
        `"${place.out}" already holds 3 files. Choose an empty or new folder for --out, or empty this one.`,
      );
      expect(hashOf(place.out)).toBe(earlier);
    });

    test('replaces it frame by frame where the folder itself cannot be', async () => {
      const reference = await earlierOutput();
      await (await reopened(reference)).conform(reference.segments, REDO);
      const place = await earlierOutput();
      writeFileSync(join(place.out, 'scan 1005.dpx'), 'a frame that the reel has no more');
      Object.assign(fsp, {
        rename: async (from: string, to: string) => {
          if (from === place.out || to === place.out) throw Object.assign(new Error('busy'), { code: 'EBUSY' });
          return realRename(from, to);
        },
      });
      syncBuiltinESMExports();
      await (await reopened(place)).conform(place.segments, REDO);
      expect(hashOf(place.out)).toBe(hashOf(reference.out));
    });

    test('names the files that no frame of the reel has', async () => {
      const place = await earlierOutput();
      const target = await reopened(place);
      expect(await target.foreignFiles()).toEqual([]);
      // As an earlier run converted its frames (--as).
      writeFileSync(join(place.out, 'scan.0001.tif'), '');
      writeFileSync(join(place.out, 'notes.txt'), 'mine');
      writeFileSync(join(place.out, '.tmp-999999999-0123abcd-scan 1001.dpx'), 'left by a run that was killed');
      expect(await target.foreignFiles()).toEqual(['notes.txt']);
    });
  });

  test('is finished by the next run after kill -9', async () => {
    const source = join(root, 'long');
    mkdirSync(source);
    for (let i = 0; i < 120; i++) writeFileSync(join(source, `a${i}.dpx`), Buffer.from(scan).fill(i, 100, 104));
    const long = await openFolder(source, { transfer: 'auto' }, ffmpeg);
    const expected = hashOf(source);
    const script = join(root, 'run.mts');
    writeFileSync(script, childScript);
    for (const delay of [5, 60, 150]) {
      const { out, work } = freshPaths();
      const child = spawn(process.execPath, ['--import', 'tsx', script, out, work, source], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const closed = once(child, 'close');
      await Promise.race([once(child.stdout, 'data'), closed]);
      await sleep(delay);
      child.kill('SIGKILL');
      await closed;
      expect([null, 0], 'it was killed, or had finished').toContain(child.exitCode);
      if (existsSync(out)) expect(hashOf(out)).toBe(expected);
      await sweepStale(work);
      const target = await openFolderTarget(long, { out, work, range: { in: 0, out: 120 } });
      const segments = await Promise.all(
        [0, 40, 80].map((from) => target.copyTake({ in: from, out: from + 40 }, placeIn(work))),
      );
      await target.conform(segments, AGAIN);
      expect(hashOf(out)).toBe(expected);
      expect(readdirSync(work).filter((name) => name.startsWith('.tmp') || name.startsWith('frames'))).toEqual([]);
    }
  });

  test('puts frames one by one into a folder that cannot be replaced, such as the root of a mounted disk', async () => {
    const { out, work } = freshPaths();
    mkdirSync(out);
    const target = await openFolderTarget(reel, { out, work, range: whole });
    const segments = await renderAll(target, work);
    let left = 2;
    Object.assign(fsp, {
      rename: async (from: string, to: string) => {
        if (from === out || to === out) throw Object.assign(new Error('busy'), { code: 'EBUSY' });
        if (to.startsWith(out) && !to.startsWith(work) && left-- === 0) throw new Error('stopped');
        return realRename(from, to);
      },
    });
    syncBuiltinESMExports();
    await expect(target.conform(segments, FIRST)).rejects.toThrow('stopped');
    expect(readdirSync(out).filter((name) => !name.startsWith('.'))).toHaveLength(2);
    await expect(assertTargetFree(out)).rejects.toThrow(OutputError);
    const again = await openFolderTarget(reel, { out, work, range: whole });
    expect(await again.holds(segments[0] as Segment)).toBe(true);
    await again.conform(segments, AGAIN);
    expect(readdirSync(out)).toHaveLength(5);
    expect(readdirSync(out).every((name) => name.startsWith('scan '))).toBe(true);
  });

  test('refuses stills that could not be written back, before any work', async () => {
    const source = join(root, 'palette');
    mkdirSync(source);
    for (const n of [1, 2]) writeFileSync(join(source, `a${n}.tif`), drawStill('tiff', 'pal8', '48x32'));
    const palette = await openFolder(source, { transfer: 'auto' }, ffmpeg);
    await expect(openFolderTarget(palette, { ...freshPaths(), range: { in: 0, out: 2 } })).rejects.toThrow(
      /^2 of the reel's stills cannot be written back in their own kind. The first is ".*a1.tif": .* Write to a movie instead/,
    );
  });

  test('notes what its kind loses', async () => {
    const source = join(root, 'jpegs');
    mkdirSync(source);
    const still = drawStill('jpeg', 'yuvj420p', '48x32', ['-color_range', 'pc']);
    for (const n of [1, 2]) writeFileSync(join(source, `a${n}.jpg`), still);
    const jpegs = await openFolder(source, { transfer: 'auto' }, ffmpeg);
    const target = await openFolderTarget(jpegs, { ...freshPaths(), range: { in: 0, out: 2 } });
    expect(target.notes).toHaveLength(1);
    expect(target.notes[0]).toMatch(/8 by 8 block/);
    expect(jpegs.format).toEqual(sampleFormat('yuv420p'));
  });

  test('says which source file has gone', async () => {
    const { out, work } = freshPaths();
    const target = await openFolderTarget(reel, { out, work, range: whole });
    const lost = { ...reel, files: reel.files.map((file, i) => (i === 5 ? `${file}.gone` : file)) };
    const lostTarget = await openFolderTarget(reel, { ...freshPaths(), range: whole });
    expect(lostTarget.estimatedBytes(FRAMES)).toBe(target.estimatedBytes(FRAMES));
    await expect(openFolderTarget(lost, { ...freshPaths(), range: whole })).rejects.toThrow(
      /ENOENT|can no longer be read/,
    );
  });
});

const childScript = `
import { openFolderTarget } from '${join(import.meta.dirname, '../../../../src/media/write/folder/folder-target.ts')}';
import { readdirSync } from 'node:fs';
const [out, work, source] = process.argv.slice(2);
const files = readdirSync(source).sort((a, b) => parseInt(a.slice(1)) - parseInt(b.slice(1))).map((name) => source + '/' + name);
const reel = { kind: 'folder', path: source, still: 'dpx', first: 0, files, damaged: new Map(), frames: files.length };
const target = await openFolderTarget(reel, { out, work, range: { in: 0, out: 120 } });
process.stdout.write('go');
const signal = new AbortController().signal;
const segments = [];
for (const from of [0, 40, 80]) segments.push(await target.copyTake({ in: from, out: from + 40 }, { folder: work, signal, note: () => {} }));
await target.conform(segments, { signal, replace: false, keep: false });
`;

describe('a place for output', () => {
  test('is free when it does not exist or is an empty folder', async () => {
    const { out } = freshPaths();
    await assertTargetFree(out);
    mkdirSync(out);
    await assertTargetFree(out);
    writeFileSync(join(out, 'a.dpx'), '');
    await expect(assertTargetFree(out)).rejects.toThrow(
      `"${out}" already holds 1 file. Choose an empty or new folder for --out, or empty this one.`,
    );
    await expect(assertTargetFree(join(out, 'a.dpx'))).rejects.toThrow(/already exists/);
  });

  test('tells its free space before it exists', async () => {
    expect(await freeBytes(join(root, 'not', 'yet', 'there'))).toBe(await freeBytes(root));
  });

  test('tells trouble with the disk in a sentence', () => {
    const full = outputError('/out/a.dpx', Object.assign(new Error('x'), { code: 'ENOSPC' }));
    expect(full.message).toBe(
      '"/out/a.dpx" cannot be written: the disk is full. Free some space there; the same command then goes on where it stopped.',
    );
    expect(full.path).toBe('/out/a.dpx');
    expect(outputError('/other', full)).toBe(full);
  });

  test('is swept of what dead processes left, and of nothing else', async () => {
    const folder = join(root, 'sweep');
    mkdirSync(join(folder, '.tmp-999999999-0123abcd-frames'), { recursive: true });
    mkdirSync(join(folder, `.tmp-${process.pid}-0123abcd-frames`));
    mkdirSync(join(folder, `.tmp-${process.ppid}-0123abcd-frames`));
    writeFileSync(join(folder, 'frames-1'), '');
    writeFileSync(join(folder, '.tmp-notes'), '');
    await sweepStale(folder);
    const kept = [`.tmp-${process.ppid}-0123abcd-frames`, '.tmp-notes', 'frames-1'];
    expect(readdirSync(folder).sort()).toEqual(kept.sort());
    await sweepStale(join(folder, 'nowhere'));
  });

  test('takes the copy of a read-only file', async () => {
    const file = reel.files[0] as string;
    chmodSync(file, 0o444);
    const { out, work } = freshPaths();
    const target = await openFolderTarget(reel, { out, work, range: { in: 0, out: 1 } });
    await target.conform([await target.copyTake({ in: 0, out: 1 }, placeIn(work))], FIRST);
    expect(statSync(join(out, basename(file))).size).toBe(scan.length);
  });
});
