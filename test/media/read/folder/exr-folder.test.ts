import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planesOf } from '../../../../src/film/plate.ts';
import { pictureBytes } from '../../../../src/film/sample-format.ts';
import { decodePlates } from '../../../../src/media/read/decode.ts';
import { findDamage } from '../../../../src/media/read/find-damage.ts';
import { openFolder } from '../../../../src/media/read/folder/frame-folder.ts';
import type { OpenOptions } from '../../../../src/media/read/open-options.ts';
import { probeReel } from '../../../../src/media/read/probe-reel.ts';
import { decodeProxy } from '../../../../src/media/read/proxy.ts';
import { openFolderTarget } from '../../../../src/media/write/folder/folder-target.ts';
import { openMovieTarget } from '../../../../src/media/write/movie/movie-target.ts';
import { framePool } from '../../../../src/stream/frame-pool.ts';
import { ffmpeg, make, moving, temporaryFolder } from '../../lavfi.ts';
import { floatBits, type ModelPart, type ModelWindow } from '../../still/exr/exr-model.ts';
import { writeExr } from '../../still/exr/write-exr.ts';
import { drawStill } from '../../still/footage.ts';
import { randomFrom } from '../../still/random.ts';
import { placeIn } from '../../write-take.ts';

const root = await temporaryFolder();
const DISPLAY: ModelWindow = { left: 0, top: 0, right: 31, bottom: 23 };
const AUTO: OpenOptions = { transfer: 'auto' };

/** A file whose picture is a ramp of the frame's columns and rows, whatever its window and its layers' names. */
function ramp(data: ModelWindow, layers: readonly string[] = ['']): Buffer {
  const channels = layers
    .flatMap((layer, k) => [...'RGB'].map((name, c) => ({ name: `${layer}${name}`, value: (c + 1) * (k + 1) })))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const width = data.right - data.left + 1;
  const pixels = width * (data.bottom - data.top + 1);
  const part: ModelPart = {
    ...{ name: '', compression: 3, lineOrder: 0, data, display: DISPLAY, tiles: null, attributes: [] },
    channels: channels.map(({ name }) => ({ name, type: 'float', stepX: 1, stepY: 1 })),
    samples: [
      channels.map(({ value }) =>
        Uint32Array.from({ length: pixels }, (_, k) =>
          floatBits(level((k % width) + data.left, Math.floor(k / width) + data.top, value)),
        ),
      ),
    ],
  };
  return writeExr({ parts: [part], multiPart: false, longNames: false }, randomFrom(1)).file;
}

function level(x: number, y: number, channel: number): number {
  return Math.fround(channel / 8 + x / 64 + y / 100);
}

async function folderOf(name: string, files: readonly Buffer[]): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  await Promise.all(files.map((file, k) => writeFile(join(folder, `shot.${1001 + k}.exr`), file)));
  return folder;
}

const FULL = ramp(DISPLAY);
const OVERSCAN = ramp({ left: -8, top: -8, right: 39, bottom: 31 });
const CROP = ramp({ left: 10, top: 5, right: 20, bottom: 15 });

async function platesOf(folder: string, options: OpenOptions = AUTO) {
  const reel = await openFolder(folder, options, ffmpeg);
  const pool = framePool(2, pictureBytes(reel.format, reel.width, reel.height));
  const plates: { readonly frame: number; readonly planes: readonly (readonly number[])[] }[] = [];
  let failure: unknown;
  await new Promise<void>((resolve) => {
    decodePlates(reel, { in: 0, out: reel.frames }, { pool, ffmpeg }).subscribe({
      next({ plate, loan }) {
        const planes = planesOf(plate.format, plate.bytes, plate.width, plate.height);
        plates.push({ frame: plate.frame, planes: planes.map(({ samples }) => [...samples]) });
        loan.release();
      },
      error(error) {
        failure = error;
        resolve();
      },
      complete: resolve,
    });
  });
  return { reel, plates, failure };
}

/** The planes of the ramp in a window, green, blue and red, and 0 outside it. */
function rampIn({ left, top, right, bottom }: ModelWindow, layer = 1): number[][] {
  return [2, 3, 1].map((channel) =>
    Array.from({ length: 32 * 24 }, (_, k) => {
      const [x, y] = [k % 32, Math.floor(k / 32)];
      return x < left || x > right || y < top || y > bottom ? 0 : level(x, y, channel * layer);
    }),
  );
}

describe('A folder of EXR stills', () => {
  it('whose data windows differ from frame to frame is one reel of their display window', async () => {
    const folder = await folderOf('windows', [FULL, OVERSCAN, CROP]);
    const { reel, plates, failure } = await platesOf(folder);
    expect(failure).toBeUndefined();
    expect(reel).toMatchObject({ width: 32, height: 24, unpacked: true, pixelFormat: 'gbrpf32le', transfer: 'linear' });
    expect(reel.notes).toEqual([
      'EXR stills reach beyond their frame (display window); what lies outside is not looked at and stays as it is.',
      'Where EXR stills have no samples (outside their data window) the frame is black and stays as it is.',
    ]);
    expect(plates.map(({ frame }) => frame)).toEqual([0, 1, 2]);
    expect(plates[0]?.planes).toEqual(rampIn(DISPLAY));
    expect(plates[1]?.planes).toEqual(rampIn(DISPLAY));
    expect(plates[2]?.planes).toEqual(rampIn({ left: 10, top: 5, right: 20, bottom: 15 }));
    // Neither target refuses it in favour of the other.
    const range = { in: 0, out: 3 };
    const target = await openFolderTarget(reel, { out: join(root, 'out'), work: join(root, 'work'), range });
    expect(target.notes).toEqual([]);
    await expect(openMovieTarget(reel, { out: join(root, 'out.mkv') }, ffmpeg)).rejects.toThrow(
      /Name a folder with --out: frames are then written as EXR\.$/,
    );
    const segment = await target.copyTake(range, placeIn(join(root, 'take')));
    expect(segment).toMatchObject({ in: 0, out: 3 });
  });

  it('is shown to the networks as ffmpeg shows plain ones', async () => {
    const plain = await openFolder(await folderOf('plain', [FULL]), AUTO, ffmpeg);
    const read = await openFolder(await folderOf('overscan', [OVERSCAN]), AUTO, ffmpeg);
    expect(plain.unpacked).toBeUndefined();
    const shown = await Promise.all(
      [plain, read].map(async (reel) => {
        const pool = framePool(1, 16 * 12 * 3);
        const pictures: string[] = [];
        await decodeProxy(reel, { in: 0, out: 1 }, { width: 16, height: 12 }, { pool, ffmpeg }).forEach(({ loan }) => {
          pictures.push(Buffer.from(loan.bytes).toString('hex'));
          loan.release();
        });
        return pictures;
      }),
    );
    expect(shown[0]).toHaveLength(1);
    expect(shown[1]).toEqual(shown[0]);
  });

  it('is read in the layer that is asked for', async () => {
    const file = ramp(DISPLAY, ['beauty.', 'spec.']);
    const folder = await folderOf('layers', [file, file]);
    expect((await platesOf(folder)).plates[1]?.planes).toEqual(rampIn(DISPLAY));
    const { reel, plates } = await platesOf(folder, { ...AUTO, layer: 'spec' });
    expect(reel.layer).toBe('spec');
    expect(plates[1]?.planes).toEqual(rampIn(DISPLAY, 2));
    await expect(openFolder(folder, { ...AUTO, layer: 'hot' }, ffmpeg)).rejects.toThrow(
      `None of the 2 stills of "${folder}" can be read. The first: shot.1001.exr has no layer "hot". It has "beauty" (B, G, R), "spec" (B, G, R). Choose one of them with --layer.`,
    );
  });

  it('of which a chunk is damaged loses that frame alone', async () => {
    const torn = Buffer.from(OVERSCAN);
    // In the second of three chunks; the third lies outside the frame.
    torn.fill(0x55, torn.length >> 1, (torn.length >> 1) + 100);
    const { reel, plates, failure } = await platesOf(await folderOf('torn', [OVERSCAN, torn, CROP]));
    expect(plates.map(({ frame }) => frame)).toEqual([0, 2]);
    expect(plates[1]?.planes).toEqual(rampIn({ left: 10, top: 5, right: 20, bottom: 15 }));
    expect(failure).toBeInstanceOf(Error);
    const damage = await findDamage(reel, { in: 0, out: 3 }, ffmpeg);
    expect([...damage.keys()]).toEqual([1]);
    expect(damage.get(1)).toMatch(/^it cannot be decoded: is damaged: a chunk cannot be unpacked \(.+\)$/);
  });
});

it('A layer is refused where there are none', async () => {
  const folder = join(root, 'png');
  await mkdir(folder);
  await writeFile(join(folder, 'a.1.png'), drawStill('png', 'rgb24', '16x16'));
  await expect(probeReel(folder, { ...AUTO, layer: 'spec' }, ffmpeg)).rejects.toThrow(
    `"${folder}" holds PNG stills, which have no layers. Leave --layer out.`,
  );
  const movie = join(root, 'film.mkv');
  await make(`${moving('16x16', '24', 2)} -c:v ffv1`, movie);
  await expect(probeReel(movie, { ...AUTO, layer: 'spec' }, ffmpeg)).rejects.toThrow(
    `"${movie}" is a movie, which has no layers. Leave --layer out.`,
  );
});
