import { join } from 'node:path';
import { concatMap, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { transferCurve } from '../../../src/film/colour.ts';
import type { Reel } from '../../../src/film/reel.ts';
import { openMovie } from '../../../src/media/read/movie/probe-movie.ts';
import { decodeProxy } from '../../../src/media/read/proxy.ts';
import { framePool } from '../../../src/stream/frame-pool.ts';
import { ffmpeg, make, moving, temporaryFolder } from '../lavfi.ts';

const folder = await temporaryFolder();

async function proxies(reel: Reel, range: { in: number; out: number }, width: number, height: number) {
  const pool = framePool(2, width * height * 3);
  const all = await lastValueFrom(
    decodeProxy(reel, range, { width, height }, { pool, ffmpeg }).pipe(
      concatMap(async ({ frame, loan }) => {
        const rgb = Uint8Array.from(loan.bytes);
        loan.release();
        return { frame, rgb };
      }),
      toArray(),
    ),
  );
  expect(pool.lent).toBe(0);
  return all;
}

describe('A proxy', () => {
  it('is of the frames asked for, but those known as damaged', async () => {
    const path = join(folder, 'moving.mp4');
    await make(`${moving('192x108', '24', 20)} -c:v libx264 -bf 2 -pix_fmt yuv420p`, path);
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    const some = { ...reel, damaged: new Map([[9, 'known']]) };
    expect((await proxies(some, { in: 7, out: 12 }, 96, 54)).map(({ frame }) => frame)).toEqual([7, 8, 10, 11]);
  });

  it('shows YUV by its own matrix and range', async () => {
    // R'G'B' of 200, 60, 40 in each coding; by the wrong matrix or range a channel would be off by 5 to 30.
    for (const [matrix, range, lines] of [
      ['bt709', 'tv', 96],
      ['smpte170m', 'tv', 96],
      ['bt2020nc', 'tv', 96],
      ['bt709', 'pc', 96],
      [undefined, undefined, 96],
      [undefined, undefined, 720],
    ] as const) {
      const path = join(folder, `${matrix}-${range}-${lines}.mkv`);
      const assumed = matrix ?? (lines >= 720 ? 'bt709' : 'smpte170m');
      const name = { bt709: 'bt709', smpte170m: 'smpte170m', bt2020nc: 'bt2020' }[assumed];
      const tags = matrix ? `-colorspace ${matrix} -color_range ${range}` : '';
      await make(
        `-f lavfi -i color=c=0xc83c28:s=128x${lines}:r=24,format=gbrp,scale=out_color_matrix=${name}:out_range=${range ?? 'tv'}:flags=accurate_rnd,format=yuv444p -frames:v 2 -c:v ffv1 ${tags}`,
        path,
      );
      const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
      const [first] = await proxies(reel, { in: 0, out: 1 }, 32, 24);
      const [r, g, b] = first?.rgb ?? [];
      for (const [found, wanted] of [
        [r, 200],
        [g, 60],
        [b, 40],
      ] as const) {
        expect(Math.abs((found ?? 0) - wanted), `${matrix} ${range} ${lines}: ${r} ${g} ${b}`).toBeLessThanOrEqual(2);
      }
    }
  });

  it('shows log, linear and PQ reels display-referred', async () => {
    const path = join(folder, 'ramp.mkv');
    await make(
      `-f lavfi -i color=s=256x16:r=24,format=gbrp16le,geq=r='X*257':g='X*257':b='X*257' -frames:v 1 -c:v ffv1 -pix_fmt gbrp16le`,
      path,
    );
    for (const transfer of ['rec709', 'log', 'linear', 'pq'] as const) {
      const reel = await openMovie(path, { transfer }, ffmpeg);
      const [first] = await proxies(reel, { in: 0, out: 1 }, 256, 16);
      const curve = transferCurve(transfer);
      for (let x = 0; x < 256; x++) {
        const wanted = Math.min(255, Math.max(0, curve.toDisplay(x / 255) * 255));
        expect(Math.abs((first?.rgb[x * 3] ?? 0) - wanted)).toBeLessThanOrEqual(1.01);
      }
    }
  });
});
