import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { previewReel } from '../../src/pipeline/preview.ts';
import type { RestoreRequest } from '../../src/pipeline/request/request.ts';
import { restoreReel } from '../../src/pipeline/restore.ts';
import { type Report, reportSchema } from '../../src/report/report.ts';
import { filesOf } from './files-of.ts';
import { journalOf } from './killed-each.ts';
import { restoreOnThisThread } from './on-this-thread.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { writeShots } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
/** Frames 1001 to 1009 show the actor, 1010 to 1013 a room. */
const TALKING = 9;
const EMPTY = 4;

let scratch: Scratch;
let reel: string;
let before: Awaited<ReturnType<typeof filesOf>>;
const at = (...names: readonly string[]) => join(scratch.path, ...names);

beforeAll(async () => {
  scratch = await openScratch('anonymise');
  process.env['REELMEND_CACHE'] = scratch.cache;
  reel = at('reel');
  await writeShots(reel, [
    ['talking', TALKING],
    ['empty', EMPTY],
  ]);
  before = await filesOf(reel);
}, 120_000);
afterAll(() => scratch[Symbol.asyncDispose]());

async function hidden(out: string, more: Partial<RestoreRequest> = {}) {
  const { notes } = await restoreOnThisThread({ reel, out: at(out), restorer: 'anonymise', ...more });
  const report: Report = reportSchema.parse(JSON.parse(await readFile(at(`${out}.report/report.json`), 'utf8')));
  return { notes, report, files: await filesOf(at(out)) };
}

describe('hiding faces in a reel', () => {
  it('hides every face in every frame that shows one, without anybody being given, and says where none was found', async () => {
    const { report, notes, files } = await hidden('all');
    const [face, ...others] = Object.values(report.faces);
    expect(others).toEqual([]);
    expect(face).toMatchObject({ restored: TALKING });
    expect(report.hiding).toEqual({
      beyond: [],
      withoutFace: [{ in: TALKING, out: TALKING + EMPTY }],
      damaged: [],
      excepted: [],
    });
    expect(notes).toContain('No face was found in frames 1010–1013, and nothing is hidden there: look at them.');
    expect(notes).toContain('The report shows faces as they were: keep it where you keep the reel.');
    expect(Object.keys(files)).toEqual(Object.keys(before));
    for (const [k, name] of Object.keys(files).entries()) {
      expect([name, files[name] === before[name]]).toEqual([name, k >= TALKING]);
    }
  });

  it('hides each person but the one who is found and excepted: that one stays to the byte', async () => {
    const { report, notes, files } = await hidden('but-one', { find: [`anna=${PORTRAIT}`], except: true });
    expect(report.faces).toEqual({});
    expect(report.hiding?.excepted).toEqual([{ track: 'f1001', person: 'anna', isHidden: false }]);
    expect(notes).toContain('Left to be seen: f1001 (anna).');
    expect(files).toEqual(before);
  });

  it('hides a face in doubt', async () => {
    const settings = { 'casting.thresholdShift': 0.42, 'casting.qualityShift': 0 };
    const { report, notes } = await hidden('in-doubt', { find: [`anna=${PORTRAIT}`], except: true, settings });
    expect(Object.values(report.faces)).toHaveLength(1);
    expect(notes.some((note) => /not beyond doubt|no face was taken for theirs/.test(note))).toBe(true);
  });
});

describe('a preview of hiding faces', () => {
  it('says what the run would: where none was found, who is left to be seen, and that it shows faces itself', async () => {
    const shown = { reel, out: at('shown'), range: '1008-1011', restorer: 'anonymise', device: 'cpu' } as const;
    const { notes } = await previewReel({ ...shown, find: [`anna=${PORTRAIT}`], except: true });
    expect(notes).toEqual([
      'No face was found in frames 1010–1013, and nothing is hidden there: look at them.',
      'Left to be seen: f1001 (anna).',
      'The preview shows faces as they were: keep it where you keep the reel.',
      'No face is restored in these frames.',
    ]);
  });
});

describe('hiding faces in a folder of unrelated pictures', () => {
  const album = () => at('album');
  beforeAll(async () => {
    await mkdir(album());
    await copyFile(PORTRAIT, join(album(), 'portrait.png'));
  });

  async function outcomes(out: string, more: Partial<RestoreRequest> = {}) {
    await restoreReel({ reel: album(), each: true, out: at(out), restorer: 'anonymise', device: 'cpu', ...more });
    const written = await readFile(at(out, 'portrait.png'));
    const [{ faces } = { faces: [] }] = await journalOf(at(`${out}.report`));
    return { faces, isSame: written.equals(await readFile(PORTRAIT)) };
  }

  it('hides every face, also where somebody is given', async () => {
    const { faces, isSame } = await outcomes('each', { find: [`anna=${PORTRAIT}`] });
    expect(faces.map(({ outcome }) => outcome)).toEqual(['restored']);
    expect(isSame).toBe(false);
  });

  it('leaves who is excepted as they are', async () => {
    const { faces, isSame } = await outcomes('each-but-one', { find: [`anna=${PORTRAIT}`], except: true });
    expect(faces).toMatchObject([{ person: 'anna', why: 'anna is excepted, and left to be seen' }]);
    expect(isSame).toBe(true);
  });
});
