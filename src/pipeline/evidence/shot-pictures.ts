import { lastValueFrom } from 'rxjs';
import sharp from 'sharp';
import type { Reel } from '../../film/reel.ts';
import type { Shot } from '../../film/shot.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { decodeProxy } from '../../media/read/proxy.ts';
import type { ShotPicture } from '../../report/report-page.ts';
import { framePool } from '../../stream/frame-pool.ts';

/** Width of a shot's picture, pixels. */
const WIDTH = 200;
/** Shots that get a picture: a feature has thousands, and each costs a decoder. */
const PICTURES = 48;

/** A small picture of the middle of each shot, for at most `PICTURES` shots evenly spread over the reel. */
export async function shotPictures(
  reel: Reel,
  shots: readonly Shot[],
  ffmpeg: Ffmpeg,
  signal: AbortSignal,
): Promise<ShotPicture[]> {
  const size = { width: WIDTH, height: Math.max(2, Math.round((WIDTH * reel.height) / reel.width)) };
  const step = Math.max(1, shots.length / PICTURES);
  const pictures: ShotPicture[] = [];
  for (let k = 0; k < shots.length; k += step) {
    const shot = shots[Math.floor(k)];
    if (!shot) continue;
    const frame = Math.floor((shot.in + shot.out) / 2);
    const pool = framePool(1, size.width * size.height * 3);
    const one = decodeProxy(reel, { in: frame, out: frame + 1 }, size, { pool, ffmpeg, signal });
    const proxy = await lastValueFrom(one, { defaultValue: null });
    if (!proxy) continue;
    try {
      const picture = await sharp(proxy.loan.bytes, { raw: { ...size, channels: 3 } })
        .png()
        .toBuffer();
      pictures.push({ shot: shot.index, frame, picture });
    } finally {
      proxy.loan.release();
    }
  }
  return pictures;
}
