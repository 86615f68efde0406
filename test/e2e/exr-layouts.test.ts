import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { type Plate, planesOf } from '../../src/film/plate.ts';
import { bytesInMemory } from '../../src/media/still/byte-source.ts';
import { parseExr } from '../../src/media/still/exr/exr.ts';
import { unpackExr } from '../../src/media/still/exr/unpack-exr.ts';
import { restoreReel } from '../../src/pipeline/restore.ts';
import { floatBits, type ModelPart } from '../media/still/exr/exr-model.ts';
import { type WrittenExr, writeExr } from '../media/still/exr/write-exr.ts';
import { randomFrom } from '../media/still/random.ts';
import { allDecoded } from './decoded.ts';
import { remake } from './formats.ts';
import { jobOf, QUIET } from './job-of.ts';
import { readMattes } from './mattes.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { makeTinyReel } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
const TALKING = 2;
/** The data window reaches so far beyond the frame at the left and the top, and ends so far before its bottom. */
const OVER = 9;
const SHORT = 13;

let scratch: Scratch;
let reel: string;
const files = new Map<string, WrittenExr>();

beforeAll(async () => {
  scratch = await openScratch('exr-layouts');
  process.env['REELMEND_CACHE'] = scratch.cache;
  const scan = join(scratch.path, 'scan');
  await makeTinyReel(scan, TALKING, 1);
  const light = ['format=gbrp16le', 'lutrgb=r=gammaval(2.2):g=gammaval(2.2):b=gammaval(2.2)', 'format=gbrpf32le'];
  const format = { title: 'EXR', extension: 'exr', kind: 'folder', pixelFormat: 'gbrpf32le', filters: light } as const;
  const plain = await remake(
    scan,
    { ...format, encode: ['-c:v', 'exr', '-format', 'float'] },
    join(scratch.path, 'plain'),
  );
  reel = join(scratch.path, 'reel');
  await mkdir(reel);
  for (const plate of await allDecoded(plain)) {
    const name = `shot.${1001 + plate.frame}.exr`;
    files.set(name, laidOut(plate));
    await writeFile(join(reel, name), (files.get(name) as WrittenExr).file);
  }
});
afterAll(() => scratch[Symbol.asyncDispose]());

/** The picture in tiles as the layer `hero` of the second of two parts, in a data window that is not the frame. */
function laidOut(plate: Plate): WrittenExr {
  const display = { left: 0, top: 0, right: plate.width - 1, bottom: plate.height - 1 };
  const data = { left: -OVER, top: -OVER, right: plate.width - 1, bottom: plate.height - 1 - SHORT };
  const [width, height] = [data.right - data.left + 1, data.bottom - data.top + 1];
  const [green, blue, red] = planesOf(plate.format, plate.bytes, plate.width, plate.height).map(({ samples }) =>
    Uint32Array.from({ length: width * height }, (_, k) => {
      const x = Math.abs((k % width) - OVER);
      const y = Math.abs(Math.floor(k / width) - OVER);
      return floatBits(samples[y * plate.width + x] as number);
    }),
  ) as [Uint32Array, Uint32Array, Uint32Array];
  const channel = (name: string) => ({ name, type: 'float', stepX: 1, stepY: 1 }) as const;
  const common = { compression: 3, lineOrder: 0, data, display, attributes: [] };
  const depth: ModelPart = { ...common, name: 'depth', tiles: null, channels: [channel('Z')], samples: [[red]] };
  const hero: ModelPart = {
    ...{ ...common, name: 'picture', lineOrder: 2, tiles: { width: 64, height: 48, mode: 0, up: false } },
    channels: ['hero.B', 'hero.G', 'hero.R', 'hero.id', 'spill.B', 'spill.G', 'spill.R'].map(channel),
    samples: [[blue, green, red, red, red, red, red]],
  };
  return writeExr({ parts: [depth, hero], multiPart: true, longNames: false }, randomFrom(plate.frame));
}

/** All samples of a layer or channel in its part's data window: the file is read as if its frame were that. */
async function wholeWindow({ attributesAt }: WrittenExr, file: Buffer, layer: string): Promise<Float32Array> {
  const opened = Buffer.from(file);
  for (const at of attributesAt) {
    const window = at.get('dataWindow') as number;
    opened.copy(opened, at.get('displayWindow') as number, window, window + 16);
  }
  return new Float32Array((await unpackExr(opened, await parseExr(bytesInMemory(opened), layer))).buffer);
}

it('A layer in tiles of a part with overscan is restored in its frame, and nothing else of the file changes', async () => {
  const out = join(scratch.path, 'out');
  const mattes = join(scratch.path, 'mattes');
  const summary = await restoreReel(jobOf(reel, out, PORTRAIT, { mattes, restorer: 'replace', layer: 'hero' }), QUIET);
  expect(summary).toMatchObject({ frames: TALKING + 1, restored: TALKING, isolated: 0 });
  expect(summary.notes).toContain(
    'Of the EXR stills the layer "picture.hero" is worked on, the rest stays as it is; "picture.spill" may be chosen with --layer.',
  );
  const found = await readMattes(mattes);
  const counts = { inside: 0, outside: 0 };
  for (const [name, written] of files) {
    const after = await readFile(join(out, name));
    const matte = found.get(Number(/\d+/.exec(name)?.[0]));
    if (!matte) expect(after.equals(written.file)).toBe(true);
    expect(after.subarray(0, written.tablesAt).equals(written.file.subarray(0, written.tablesAt))).toBe(true);
    for (const layer of ['Z', 'hero.id', 'spill']) {
      expect(await wholeWindow(written, after, layer)).toEqual(await wholeWindow(written, written.file, layer));
    }
    const { display } = (await parseExr(bytesInMemory(after), 'hero')).picture.part;
    const width = display.width + OVER;
    const [old, now] = await Promise.all([written.file, after].map((file) => wholeWindow(written, file, 'hero')));
    const pixels = (old as Float32Array).length / 3;
    now?.forEach((sample, k) => {
      if (Object.is(sample, old?.[k])) return;
      const [x, y] = [((k % pixels) % width) - OVER, Math.floor((k % pixels) / width) - OVER];
      const inFrame = x >= 0 && y >= 0;
      counts[inFrame && (matte?.[y * display.width + x] ?? 0) > 0 ? 'inside' : 'outside'] += 1;
    });
  }
  expect(counts.outside).toBe(0);
  expect(counts.inside).toBeGreaterThan(10_000);
});
