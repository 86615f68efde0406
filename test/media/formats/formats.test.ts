import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromHalf, toHalf } from '../../../src/film/half-float.ts';
import type { Plate } from '../../../src/film/plate.ts';
import type { StillKind } from '../../../src/film/reel.ts';
import { openFolder } from '../../../src/media/read/folder/frame-folder.ts';
import { openMovie } from '../../../src/media/read/movie/probe-movie.ts';
import { readStillInfo, spliceStill } from '../../../src/media/still/still.ts';
import type { StillInfo } from '../../../src/media/still/still-info.ts';
import { openFolderTarget } from '../../../src/media/write/folder/folder-target.ts';
import { openMovieTarget } from '../../../src/media/write/movie/movie-target.ts';
import { differingFrames } from '../differing-frames.ts';
import { ffmpeg, temporaryFolder } from '../lavfi.ts';
import { differingSamples, extensionOf, repaint } from '../still/footage.ts';
import { FIRST, placeIn } from '../write-take.ts';
import { claimsOf, tableRows } from './claims.ts';
import { decodeAll } from './decode-all.ts';
import { DPX_CASES, DPX_REFUSED } from './dpx-cases.ts';
import { EXR_CASES, EXR_REFUSED } from './exr-cases.ts';
import { JPEG_CASES, JPEG_REFUSED } from './jpeg-cases.ts';
import { PNG_CASES, PNG_REFUSED } from './png-cases.ts';
import type { RefusedCase, StillCase } from './still-case.ts';
import { TIFF_CASES, TIFF_REFUSED } from './tiff-cases.ts';

/** A new layout is a case here and a row there; neither goes without the other. */
const CASES: readonly StillCase[] = [...DPX_CASES, ...TIFF_CASES, ...PNG_CASES, ...JPEG_CASES, ...EXR_CASES];
const REFUSED: readonly RefusedCase[] = [
  ...DPX_REFUSED,
  ...TIFF_REFUSED,
  ...PNG_REFUSED,
  ...JPEG_REFUSED,
  ...EXR_REFUSED,
];

const TITLES: Readonly<Record<StillKind, string>> = { dpx: 'DPX', tiff: 'TIFF', png: 'PNG', jpeg: 'JPEG', exr: 'EXR' };
/** Rows that are changed: whole units of JPEG. */
const CHANGED = { in: 16, out: 32 } as const;
const folder = await temporaryFolder();

const titleOf = ({ kind, claim }: StillCase) => [TITLES[kind], ...claim].join(' / ');

describe('docs/formats.md', () => {
  test('claims the layouts that there are cases of, and no others', () => {
    const claimed = tableRows('kind', 'samples', 'bits', 'packing', 'order').flatMap(claimsOf);
    expect(claimed.toSorted()).toEqual(CASES.map(titleOf).toSorted());
  });

  test.each([
    ['not read', false],
    ['read, but not written back: give a movie as `--out`', true],
  ] as const)('names the layouts that are %s, and no others', (column, toMovie) => {
    const named = tableRows('kind', column).flatMap(([kind = '', layouts = '']) =>
      layouts.split('; ').map((layout) => `${kind} / ${layout}`),
    );
    const refused = REFUSED.filter((one) => (one.toMovie ?? false) === toMovie);
    expect(named.toSorted()).toEqual(refused.map(({ kind, claim }) => `${TITLES[kind]} / ${claim}`).toSorted());
  });
});

describe.each(Object.keys(TITLES) as StillKind[])('each layout of %s that docs/formats.md claims', (kind) => {
  test('is read as ffmpeg reads it where it does, and changed in the rows that are changed alone', async () => {
    const cases = CASES.filter((one) => one.kind === kind);
    const stills: {
      readonly one: StillCase;
      readonly bytes: Buffer;
      readonly info: StillInfo;
      readonly pixelFormat: string;
    }[] = [];
    for (const one of cases) {
      const bytes = await one.draw();
      const info = await infoOf(kind, bytes);
      expect([titleOf(one), info.obstacle]).toEqual([titleOf(one), null]);
      stills.push({ one, bytes, info, pixelFormat: info.pixelFormat ?? '' });
    }
    const before = await decodeAll(folder, stills.map(fileOf));
    const changed = before.map(({ plate }, k) => {
      const painted = repaint(plate, CHANGED.in, CHANGED.out);
      if (stills[k]?.one.rounded) inHalves(painted);
      return painted;
    });
    const spliced: Buffer[] = [];
    for (const [k, { bytes }] of stills.entries()) {
      spliced.push(await spliceStill(kind, bytes, changed[k] as Plate, CHANGED));
    }
    const after = await decodeAll(
      folder,
      stills.map((still, k) => fileOf({ ...still, bytes: spliced[k] as Buffer })),
    );
    const found = stills.map(({ one, pixelFormat }, k) => {
      const [old, now, wanted] = [before[k]?.plate, after[k]?.plate, changed[k]] as [Plate, Plate, Plate];
      if (one.rounded) inHalves(old);
      return {
        claim: titleOf(one),
        pixelFormat: before[k]?.pixelFormat === pixelFormat,
        outside: differingSamples(now, old, (row) => row < CHANGED.in),
        // JPEG comes as near as its quantisation.
        wrong: one.block ? 0 : differingSamples(now, wanted, () => true),
        changed: differingSamples(now, old, (row) => row >= CHANGED.in) > 100,
      };
    });
    expect(found).toEqual(
      stills.map(({ one }) => ({ claim: titleOf(one), pixelFormat: true, outside: 0, wrong: 0, changed: true })),
    );
  });
});

describe('a layout that docs/formats.md names as refused', () => {
  const titled = (toMovie: boolean) =>
    REFUSED.filter((one) => (one.toMovie ?? false) === toMovie).map(
      (one) => [TITLES[one.kind], one.claim, one] as const,
    );
  const reelOf = async ({ kind, claim, draw }: RefusedCase) => {
    const path = join(folder, `${kind} ${claim}`);
    mkdirSync(path);
    const bytes = await draw();
    for (const number of [1, 2, 3]) writeFileSync(join(path, `a${number}.${extensionOf(kind)}`), bytes);
    return openFolder(path, { transfer: 'auto' }, ffmpeg);
  };

  test.each(titled(false))('%s, %s, is not taken for damage', async (_, __, one) => {
    const refusal = await reelOf(one).then(
      () => 'It is read.',
      (error: Error) => error.message,
    );
    expect(refusal).toMatch(/[Ss]ave (it|the stills|the reel) |Flatten it first/);
    expect(refusal).not.toMatch(/cut off|damaged|Check where/);
  });

  test.each(titled(true))('%s, %s, is lossless in the movie that the refusal advises', async (_, __, one) => {
    const reel = await reelOf(one);
    const range = { in: 0, out: 3 };
    const out = `${reel.path}-out`;
    await expect(openFolderTarget(reel, { out, work: `${out}.work`, range })).rejects.toThrow(
      /^3 of the reel's stills cannot be written back in their own kind\. The first is ".*a1\.\w+": its .*\. Write to a movie instead \(--out with the extension \.mkv keeps every sample( but alpha)?\), or convert the stills first\.$/,
    );
    const target = await openMovieTarget(reel, { out: `${out}.mkv` }, ffmpeg);
    await target.conform([await target.copyTake(range, placeIn(`${out}.work`))], FIRST);
    const written = await openMovie(`${out}.mkv`, { transfer: 'auto' }, ffmpeg);
    expect(await differingFrames(reel, { written, first: 0, range }, ffmpeg)).toEqual([]);
    expect(target.notes).toEqual(
      reel.pixelFormat.startsWith('ya') ? ['The alpha channel of grey stills is not carried into a movie.'] : [],
    );
  });
});

function fileOf({
  one,
  bytes,
  info,
  pixelFormat,
}: {
  one: StillCase;
  bytes: Buffer;
  info: StillInfo;
  pixelFormat: string;
}) {
  const { width, height, unpacked } = info;
  return { kind: one.kind, bytes, pixelFormat, width, height, unpacked: unpacked !== undefined };
}

function infoOf(kind: StillKind, bytes: Buffer): Promise<StillInfo> {
  const path = join(folder, 'still');
  writeFileSync(path, bytes);
  return readStillInfo(path, kind);
}

/** Rounds a plate's floats to what half floats hold. */
function inHalves({ bytes }: Plate): void {
  const floats = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  floats.forEach((value, i) => {
    floats[i] = fromHalf(toHalf(value));
  });
}
