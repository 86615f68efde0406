import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutRegion, type Plate, planesOf } from '../../../src/film/plate.ts';
import { pictureBytes, sampleFormat } from '../../../src/film/sample-format.ts';
import { frameViewer } from '../../../src/pipeline/preview/frame-viewer.ts';
import { openPreviewFolder, type PreviewFolder } from '../../../src/pipeline/preview/preview-folder.ts';
import type { RestoredFrame } from '../../../src/pipeline/preview/render-frames.ts';
import { shownFaces } from '../../../src/pipeline/preview/shown-faces.ts';
import { castTrack, REPAIR } from '../cast-tracks.ts';
import { trackOf } from '../face-tracks.ts';
import { reelOf } from '../reel-of.ts';

const REEL = reelOf({ width: 800, height: 480, format: sampleFormat('gbrp'), transfer: 'rec709' });
const SHOTS = [
  { index: 0, in: 0, out: 48 },
  { index: 1, in: 48, out: 100 },
] as const;
/** Its face moves to the right by a pixel a frame; at frame `k` its middle is at 500 + k. Two parts of it are restored. */
const MOVING = trackOf('t1', 0, 48);
const [EARLY, LATE] = [
  { ...castTrack(REPAIR, {}, MOVING), in: 4, out: 8 },
  { ...castTrack(REPAIR, {}, MOVING), in: 24, out: 40 },
];
const NEXT = castTrack(REPAIR, {}, trackOf('t2', 48, 60, 1));

/** A plate whose red and green tell the column: `red + 256 · green`. */
function columnsPlate(frame: number): Plate {
  const { format, width, height } = REEL;
  const bytes = new Uint8Array(pictureBytes(format, width, height));
  planesOf(format, bytes, width, height).forEach(({ samples }, k) => {
    const { component } = format.planes[k] as { component: string };
    const codeOf = (x: number) => (component === 'R' ? x % 256 : component === 'G' ? Math.floor(x / 256) : 0);
    for (let i = 0; i < samples.length; i++) samples[i] = codeOf(i % width);
  });
  return { frame, format, width, height, bytes };
}

function restored(track: string, frame: number): RestoredFrame {
  const plate = columnsPlate(frame);
  const region = cutRegion(plate, { x: 0, y: 0, width: REEL.width, height: REEL.height });
  const beforeGrid = new Float32Array(0);
  const face = { change: 1 + frame / 100, beforeGrid, afterGrid: beforeGrid } as never;
  const comped = { region, matte: new Uint16Array(0), changed: null, face };
  return { plate, faces: [{ track, comped, before: region }] };
}

let folder: PreviewFolder;
let path: string;
beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'reelmend-faces-'));
  folder = await openPreviewFolder(path);
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await rm(path, { recursive: true });
});

async function firstColumn(file: string): Promise<number> {
  const [red, green] = await sharp(join(path, file)).removeAlpha().raw().toBuffer();
  return (red as number) + 256 * (green as number);
}

describe('the faces that a preview shows', () => {
  it('lie where the face is, in each part of a track that is restored, and are written when the next shot begins', async () => {
    const viewer = frameViewer(REEL);
    const tracks = [EARLY, LATE, NEXT] as const;
    const faces = shownFaces({ folder, reel: REEL, tracks, range: { in: 0, out: 100 }, viewer });
    const add = async (shot: 0 | 1, track: string, frame: number) => {
      const one = restored(track, frame);
      await faces.add(SHOTS[shot], one, viewer.view(one));
    };
    const pictures = async () => (await readdir(path)).filter((name) => /^(face|sheet)/.test(name));
    for (const frame of [6, 30, 32]) await add(0, 't1', frame);
    expect(await pictures()).toEqual([]);
    await add(1, 't2', 50);
    expect((await pictures()).filter((name) => /t2|shot-2/.test(name))).toEqual([]);
    expect(await pictures()).toContain('sheet-shot-1.jpg');

    const { faces: written, sheets } = await faces.finish();
    // Of the later part the last one was changed most, and is its middle.
    expect(written.map(({ track, frame, why }) => [track, frame, why])).toEqual([
      ['t1', 1007, 'changed'],
      ['t1', 1033, 'changed'],
      ['t2', 1051, 'changed'],
    ]);
    expect(sheets.map(({ name, of }) => [name, of])).toEqual([
      ['sheet-shot-1.jpg', 3],
      ['sheet-shot-2.jpg', 1],
    ]);
    const side = 195;
    for (const { frame, width, files } of written) {
      // The track of the second shot begins there at 500 anew.
      const middle = 500 + ((frame - 1001) % 48);
      expect(width).toBe(side);
      expect(await firstColumn(files[1].before)).toBe(Math.round(middle - side / 2));
    }
  });
});
