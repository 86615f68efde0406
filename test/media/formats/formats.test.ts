import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromHalf, toHalf } from '../../../src/film/half-float.ts';
import type { Plate } from '../../../src/film/plate.ts';
import type { StillKind } from '../../../src/film/reel.ts';
import { UnsupportedStill } from '../../../src/media/still/damaged-still.ts';
import { readStillInfo, spliceStill } from '../../../src/media/still/still.ts';
import type { StillInfo } from '../../../src/media/still/still-info.ts';
import { temporaryFolder } from '../lavfi.ts';
import { differingSamples, repaint } from '../still/footage.ts';
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

  test('names the layouts that are refused, and no others', () => {
    const named = tableRows('kind', 'not read, or not written back').flatMap(([kind = '', layouts = '']) =>
      layouts.split('; ').map((layout) => `${kind} / ${layout}`),
    );
    expect(named.toSorted()).toEqual(REFUSED.map(({ kind, claim }) => `${TITLES[kind]} / ${claim}`).toSorted());
  });
});

describe.each(Object.keys(TITLES) as StillKind[])('each layout of %s that docs/formats.md claims', (kind) => {
  test('is read as ffmpeg reads it, and changed in the rows that are changed alone', async () => {
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
    const before = decodeAll(folder, stills.map(fileOf));
    const changed = before.map(({ plate }, k) => {
      const painted = repaint(plate, CHANGED.in, CHANGED.out);
      if (stills[k]?.one.rounded) inHalves(painted);
      return painted;
    });
    const spliced: Buffer[] = [];
    for (const [k, { bytes }] of stills.entries()) {
      spliced.push(await spliceStill(kind, bytes, changed[k] as Plate, CHANGED));
    }
    const after = decodeAll(
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
  test.each(REFUSED.map((one) => [TITLES[one.kind], one.claim, one] as const))(
    '%s, %s, is told from a damaged one',
    async (_, __, { kind, draw }) => {
      const bytes = await draw();
      const answer = await infoOf(kind, bytes).catch((cause: unknown) => cause as Error);
      if (answer instanceof Error) {
        expect(answer).toBeInstanceOf(UnsupportedStill);
        expect(answer.message).toMatch(/not supported/);
      } else expect(answer.obstacle).toMatch(/\w/);
    },
  );
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
  return { kind: one.kind, bytes, pixelFormat, width: info.width, height: info.height };
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
