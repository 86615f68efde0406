import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { previewJob } from '../../src/pipeline/preview.ts';
import { parsePreview, parseRestore } from '../../src/pipeline/request/parse-request.ts';
import type { PreviewRequest, RestoreRequest } from '../../src/pipeline/request/request.ts';
import { restoreJob } from '../../src/pipeline/restore.ts';
import { faceRenderer } from '../../src/render/face-renderer.ts';
import { type Report, reportSchema } from '../../src/report/report.ts';
import { filesOf } from './files-of.ts';
import { jobOf, QUIET } from './job-of.ts';
import { thisThread } from './on-this-thread.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { makeTinyReel } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
const FRAMES = 9;
/** Frames 1002 to 1007. */
const SHOWN = { range: '1002-1007', frames: [1, 2, 3, 4, 5, 6] } as const;
const CHOSEN = { settings: { 'detail.strength': 0.5 } } as const;

let scratch: Scratch;
let reel: string;
let alone: Awaited<ReturnType<typeof restored>>;
const at = (name: string) => join(scratch.path, name);

beforeAll(async () => {
  scratch = await openScratch('kept-faces');
  process.env['REELMEND_CACHE'] = scratch.cache;
  reel = at('reel');
  await makeTinyReel(reel, FRAMES, 0);
  alone = await restored('alone', CHOSEN);
  expect(alone.rendered).toHaveLength(FRAMES);
}, 120_000);
afterAll(() => scratch[Symbol.asyncDispose]());

/** A device that notes the frames whose faces it renders, and those that it is handed. */
function noting() {
  const rendered: number[] = [];
  const lifted: number[] = [];
  const renderer = faceRenderer();
  const noted: typeof renderer = {
    ...renderer,
    lift: (face) => {
      lifted.push(face.frame);
      return renderer.lift(face);
    },
    comp: (face) => {
      rendered.push(face.frame);
      return renderer.comp(face);
    },
  };
  return { rendered, lifted, openDevice: async () => thisThread(noted) };
}

/** Restores the reel: the files that it wrote, what it rendered, and what its report says of the faces. */
async function restored(out: string, more: Partial<RestoreRequest>) {
  const { rendered, lifted, openDevice } = noting();
  await restoreJob(parseRestore(jobOf(reel, at(out), PORTRAIT, more)), QUIET, { openDevice });
  const report: Report = reportSchema.parse(JSON.parse(await readFile(at(`${out}.report/report.json`), 'utf8')));
  const { faces, flicker, frames, notes, inference } = report;
  const page = await readFile(at(`${out}.report/index.html`), 'utf8');
  return {
    rendered: rendered.sort((a, b) => a - b),
    lifted,
    files: await filesOf(at(out)),
    told: { faces, flicker, frames, restorer: inference.restorer },
    pictures: [...page.matchAll(/data:image[^"]*/g)].map(([picture]) => picture),
    notes,
  };
}

async function preview(more: Partial<PreviewRequest>) {
  const { rendered, openDevice } = noting();
  const job = parsePreview({ reel, references: [PORTRAIT], out: at('shown'), ...more });
  const { notes } = await previewJob(job, { ...QUIET, onPage: () => {} }, { openDevice });
  return { rendered, notes };
}

const faceFiles = async () => {
  const folder = join(scratch.cache, 'faces');
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith('.face')).map((name) => join(folder, name));
};

describe('the faces that a preview has rendered', () => {
  it('are rendered once for it, and kept for every version that it shows', async () => {
    const { rendered, notes } = await preview({ range: SHOWN.range, vary: { 'detail.strength': [0.5, 1] } });
    expect(rendered).toHaveLength(2 * SHOWN.frames.length);
    expect(await faceFiles()).toHaveLength(rendered.length);
    expect(notes).toEqual([]);
  });

  it('are not rendered again by a run that restores the reel as one of them, but for those that its report draws', async () => {
    const run = await restored('after', CHOSEN);
    expect(run.rendered).toEqual(expect.arrayContaining([0, 7, 8]));
    const kept = FRAMES - run.rendered.length;
    // A typical frame, the one that was changed most, and the one that the stills agreed with least.
    expect(kept).toBeGreaterThanOrEqual(SHOWN.frames.length - 3);
    expect(run.notes).toContain(
      `${kept} of ${FRAMES} restored faces were taken from a preview, which had rendered them alike, and not rendered again.`,
    );
    expect(run.files).toEqual(alone.files);
    expect(run.told).toEqual(alone.told);
    expect(run.pictures).toEqual(alone.pictures);
    expect(alone.pictures.length).toBeGreaterThan(2);
  });

  it('are not rendered again by another preview', async () => {
    expect((await preview({ range: '1001-1007', ...CHOSEN })).rendered).toEqual([0]);
  });

  it('are rendered again where a setting is another', async () => {
    const { rendered, notes } = await restored('other', { settings: { 'detail.strength': 0.7 } });
    expect(rendered).toHaveLength(FRAMES);
    expect(notes.join()).not.toContain('preview');
  });

  it('are rendered again where their files are damaged or gone', async () => {
    for (const [k, path] of (await faceFiles()).entries()) {
      const bytes = await readFile(path);
      bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
      if (k % 2 === 0) await rm(path);
      else await writeFile(path, bytes);
    }
    const { rendered, files, told } = await restored('damaged', CHOSEN);
    expect(rendered).toHaveLength(FRAMES);
    expect({ files, told }).toEqual({ files: alone.files, told: alone.told });
  });

  it('cost a note where they cannot be kept, and the preview nothing', async () => {
    const folder = join(scratch.cache, 'faces');
    await rm(folder, { recursive: true });
    await writeFile(folder, 'in the way');
    const { rendered, notes } = await preview({ range: '1003-1004' });
    expect(rendered).toHaveLength(3);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(
      /^The restored faces could not be kept: ".*faces.*" cannot be written: .*\. A run that restores these frames will render them again\.$/,
    );
    expect((await restored('unkept', CHOSEN)).files).toEqual(alone.files);
  });
});
