import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Plane, planesOf } from '../../src/film/plate.ts';
import { readPicture } from '../../src/media/read/pictures/read-picture.ts';
import { restoreReel } from '../../src/pipeline/restore.ts';
import type { PictureRecord } from '../../src/report/pictures/picture-record.ts';
import { picturesReportSchema } from '../../src/report/pictures/pictures-report.ts';
import { ffmpeg } from '../media/lavfi.ts';
import { PLAIN, writeRecogniser, writeSwapper } from '../model/drawn-swapper.ts';
import { type Album, makeAlbum, PORTRAIT } from './album.ts';
import { reelmend } from './command.ts';
import { reelmendHere } from './command-here.ts';
import { journalOf, killedAt } from './killed-each.ts';
import { openScratch, type Scratch } from './scratch.ts';

let scratch: Scratch;
let album: Album;
const at = (...names: readonly string[]) => join(scratch.path, ...names);

beforeAll(async () => {
  scratch = await openScratch('each');
  process.env['REELMEND_CACHE'] = scratch.cache;
  album = await makeAlbum(at('album'), 2, { faceWidth: 300 });
  await writeFile(at('album', 'cut off.jpg'), (await readFile(at('album', 'chroma halved.jpg'))).subarray(0, 4000));
  await writeFile(at('album', 'notes.txt'), 'not a picture');
  await rm(at('album', '.drawn.png'), { force: true });
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());

const args = (out: string, ...more: readonly string[]) => [
  ...['restore', at('album'), '--each', '--out', at(out), '--reference', PORTRAIT],
  ...['--device', 'cpu', '--quiet', '--restorer', 'replace', '--max-isolated', '10', ...more],
];

const journal = (out: string) => journalOf(at(`${out}.report`));

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
}

async function planes(file: Buffer, name: string) {
  const tools = { ffmpeg: async () => ffmpeg, signal: new AbortController().signal };
  const { plate, reel } = await readPicture(name, file, { transfer: 'auto' }, tools);
  return { reel, planes: planesOf(plate.format, plate.bytes, plate.width, plate.height), format: plate.format };
}

/** The samples that differ outside a box and `around` pixels beside it, and those inside. */
function differing(
  a: readonly Plane[],
  b: readonly Plane[],
  [left, top, width, height]: PictureRecord['faces'][number]['box'],
  around: number,
) {
  let [inside, outside] = [0, 0];
  a.forEach(({ samples, width: across, height: down }, p) => {
    const scale = across / (a[0] as Plane).width;
    const other = (b[p] as Plane).samples;
    for (let y = 0; y < down; y++) {
      for (let x = 0; x < across; x++) {
        if (samples[y * across + x] === other[y * across + x]) continue;
        const isInside =
          x / scale >= left - around &&
          x / scale < left + width + around &&
          y / scale >= top - around &&
          y / scale < top + height + around;
        if (isInside) inside += 1;
        else outside += 1;
      }
    }
  });
  return { inside, outside };
}

describe('a folder of pictures of eight kinds, no two of one size, killed twice', () => {
  beforeAll(async () => {
    for (const done of [3, 10]) {
      const killed = await killedAt(done, { args: args('out'), report: at('out.report'), cache: scratch.cache });
      expect(killed).toBe(true);
    }
    // What a kill leaves of a line that was being written.
    await writeFile(at('out.report', 'pictures.jsonl'), '{"name":"chroma ha', { flag: 'a' });
    const end = await reelmend(args('out'), scratch.cache);
    expect(end).toMatchObject({ code: 0 });
    expect(end.stdout).toMatch(
      /^Restored 8 of 17 pictures; 9 passed on untouched \(1 of them damaged\); \d+ pictures were kept/,
    );
  }, 400_000);

  it('has done each once, and has every name', async () => {
    const done = (await journal('out')).map(({ name }) => name);
    expect(done.sort()).toEqual([...album.names, 'cut off.jpg'].sort());
    expect((await filesIn(at('out'))).sort()).toEqual(done);
    expect(existsSync(at('out.work'))).toBe(false);
  });

  it('passes pictures without a face, and damaged ones, byte for byte', async () => {
    const records = await journal('out');
    for (const name of [...album.names.filter((one) => !album.withFaces.includes(one)), 'cut off.jpg']) {
      expect((await readFile(at('out', name))).equals(await readFile(at('album', name))), name).toBe(true);
      expect(records.find((record) => record.name === name)?.outcome, name).toBe(
        name === 'cut off.jpg' ? 'damaged' : 'untouched',
      );
    }
    expect(records.find(({ outcome }) => outcome === 'damaged')?.why).toBe(
      'is cut off after 4000 bytes, before its end mark',
    );
  });

  it('restores the face of each kind in its own samples, and changes nothing else of its file', async () => {
    const records = await journal('out');
    for (const name of album.withFaces) {
      const [before, after] = [await readFile(at('album', name)), await readFile(at('out', name))];
      const [face] = records.find((record) => record.name === name)?.faces ?? [];
      expect(face, name).toMatchObject({ outcome: 'restored', person: 'actor' });
      const [own, restored] = [await planes(before, name), await planes(after, name)];
      expect(restored.reel.pixelFormat, name).toBe(own.reel.pixelFormat);
      const found = differing(own.planes, restored.planes, face?.box ?? [0, 0, 0, 0], 44);
      expect(found.outside, name).toBe(0);
      expect(found.inside, name).toBeGreaterThan(100);
      for (const words of ['Gathered by nobody, kept by everybody.', 'Exif\0\0']) {
        expect(after.includes(words), `${name}: ${words}`).toBe(before.includes(words));
      }
    }
  });

  it('when it is asked for again, does nothing, and when a setting changed, wants to be told to replace', async () => {
    const again = await reelmendHere(args('out'), scratch.cache);
    expect(again.stdout).toMatch(/^This was finished by an earlier run; there was nothing to do\./);
    const other = await reelmendHere(args('out', '--grain', 'none'), scratch.cache);
    expect(other.code).toBe(1);
    expect(other.stderr).toBe(
      `reelmend: --out "${at('out')}" is finished: an earlier run made it, on another device or with other settings, people or networks, and 17 of its pictures would be replaced. Add --redo to replace them, or choose another --out.\n`,
    );
    expect(await journal('out')).toHaveLength(17);
    expect(existsSync(at('out.work'))).toBe(false);
  });

  it('has a report for people and one for programs, the doubtful ones first', async () => {
    const report = picturesReportSchema.parse(JSON.parse(await readFile(at('out.report', 'report.json'), 'utf8')));
    expect(report).toMatchObject({
      pictures: { in: 17, out: 17, restored: 8, untouched: 8, damaged: 1, lost: 0 },
      faces: { restored: 8, refused: 0, unmatched: 0 },
      restorer: 'replace',
    });
    expect(report.notes).toContain('1 file of another kind was left out, and the output lacks it: 1 .txt.');
    const page = await readFile(at('out.report', 'index.html'), 'utf8');
    expect(page).toContain('is damaged and was passed on as it is: it is cut off after 4000 bytes');
    const all = await readFile(at('out.report', 'pictures-1.html'), 'utf8');
    expect(all.indexOf('cut off.jpg')).toBeLessThan(all.indexOf('plain.png'));
  });
});

describe('pictures whose faces are swapped', () => {
  it('are not restored anew under another record, which the report then names too', async () => {
    const recogniser = await writeRecogniser(at('models'), 'means', { always: [0.1, 0.2, 0.3] });
    const swapper = await writeSwapper(at('models'), {
      ...{ ...PLAIN, id: 'reddish', sourceShape: [1, 3], red: [0.1, 0, 0] },
      source: { from: 'embedding', input: 'source', recogniser, length: 'one' },
    });
    await mkdir(at('one'));
    await writeFile(at('one', 'a.png'), await readFile(at('album', 'plain.png')));
    const record = {
      format: 'reelmend-authorisation/1',
      people: [{ name: 'actor', shown: 'a stand-in', putIn: 'nobody' }],
      purpose: 'to see which records are told',
      until: '2999-12-31',
    };
    const swapped = async (allowedBy: string) => {
      await writeFile(at('consent.json'), JSON.stringify({ ...record, allowedBy }));
      const summary = await restoreReel({
        ...{ reel: at('one'), out: at('one-out'), each: true, device: 'cpu', restorer: 'swap', references: [PORTRAIT] },
        ...{ authorisation: at('consent.json'), settings: { 'swap.model': swapper } },
      });
      const report = picturesReportSchema.parse(
        JSON.parse(await readFile(join(summary.report, 'report.json'), 'utf8')),
      );
      return { ...summary, finished: report.finished, by: report.authorisations?.map((one) => one.allowedBy) };
    };
    expect(await swapped('the maker')).toMatchObject({ restored: 1, alreadyDone: false, by: ['the maker'] });
    const later = await swapped('the same, later');
    expect(later).toMatchObject({ restored: 1, alreadyDone: true, by: ['the maker', 'the same, later'] });
    expect((await swapped('the maker')).finished).toBe(later.finished);
    expect(await readFile(at('one-out.report', 'index.html'), 'utf8')).toContain('the same, later');
  }, 120_000);
});

describe('a picture that is added, changed, or cannot be read', () => {
  const request = () => ({
    ...{ reel: at('few'), out: at('few-out'), each: true, device: 'cpu' as const },
    ...{ restorer: 'enhance', maxIsolated: 1 },
  });

  it('is the only one that the next run does', async () => {
    await mkdir(at('few'));
    const wall = album.names.filter((name) => name.endsWith('.png') && name.includes('/')) as [string, string];
    await writeFile(at('few', 'a.png'), await readFile(at('album', wall[0])));
    expect(await restoreReel(request())).toMatchObject({ frames: 1, takesRedone: 1, takesKept: 0, restored: 0 });
    const before = await stat(at('few-out', 'a.png'));
    await writeFile(at('few', 'b.png'), await readFile(at('album', wall[1])));
    expect(await restoreReel(request())).toMatchObject({ frames: 2, takesRedone: 1, takesKept: 1 });
    expect((await stat(at('few-out', 'a.png'))).ino).toBe(before.ino);
    await writeFile(at('few', 'a.png'), await readFile(at('few', 'b.png')));
    await expect(restoreReel(request())).resolves.toMatchObject({ takesRedone: 1, takesKept: 1 });
    expect((await readFile(at('few-out', 'a.png'))).equals(await readFile(at('few', 'b.png')))).toBe(true);
  });

  it.skipIf(process.getuid?.() === 0)('is named where this user may not read it, and done when they may', async () => {
    await chmod(at('few', 'b.png'), 0);
    const out = { ...request(), out: at('closed-out') };
    expect(await restoreReel(out)).toMatchObject({ frames: 2, isolated: 1, missing: 1 });
    await chmod(at('few', 'b.png'), 0o644);
    expect(await restoreReel(out)).toMatchObject({ isolated: 0, takesRedone: 1, takesKept: 1 });
  });
});
