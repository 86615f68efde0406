import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pictureStreamOf, probeStreams } from '../../../src/media/ffmpeg/probe-streams.ts';
import { masterReel } from '../../../src/pipeline/master/master.ts';
import { ffmpeg, make } from '../../media/lavfi.ts';

const folder = await mkdtemp(join(tmpdir(), 'reelmend-sound-in-time-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const HERTZ = 48_000;
/** When sound that is silent else has its one click, seconds after it begins. */
const CLICK = 0.5;
/** How much later the other begins, seconds: frames of 24 a second, as ffmpeg draws none between them. */
const LATE = 3 / 24;
/** Units of Matroska's times, of the picture and of the sound. */
const CLOSE = 0.003;

/** Seconds from the first picture of a movie to the click in its sound. */
async function clickIn(path: string): Promise<number> {
  const file = await probeStreams(path, ffmpeg);
  await make(`-i ${path} -map 0:a:0 -af aresample=first_pts=0 -ac 1 -f s16le ${at('sound.raw')}`);
  const bytes = await readFile(at('sound.raw'));
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  const picture = pictureStreamOf(file);
  const [num, den] = (picture?.time_base ?? '').split('/').map(Number) as [number, number];
  const shown = ((picture?.start_pts ?? 0) * num) / den - Number(file.format.start_time ?? 0);
  return samples.findIndex((sample) => Math.abs(sample) > 1000) / HERTZ - shown;
}

/** A movie of a second whose picture or sound begins later than the other. */
async function clicking(name: string, late: 'picture' | 'sound'): Promise<string> {
  const path = at(name);
  const [picture, sound] = ['picture', 'sound'].map((one) => (one === late ? `-itsoffset ${LATE}` : ''));
  await make(
    `${picture} -f lavfi -i testsrc2=s=96x64:r=24:d=1
     ${sound} -f lavfi -i aevalsrc=gte(t\\,${CLICK})*lt(t\\,${CLICK + 0.01})/2:s=${HERTZ}:d=1
     -map 0:v -map 1:a -c:v ffv1 -c:a pcm_s16le`,
    path,
  );
  return path;
}

describe('the sound of a master', () => {
  const presets = ['ffv1', 'prores-422-hq', 'jpeg2000-mxf'];
  it.each<[string, 'picture' | 'sound', string | undefined, number]>([
    ['after it', 'sound', undefined, CLICK + LATE],
    ['before it', 'picture', undefined, CLICK - LATE],
    ['before it, of a part', 'picture', '6-20', CLICK - LATE - 5 / 24],
  ])('lies beside the picture where it lay in the reel, whose sound begins %s', async (_, late, range, due) => {
    const reel = await clicking(`late-${late}.mkv`, late);
    const out = at(`${late}${range ?? ''}`);
    const { masters, failed } = await masterReel({ reel, presets, out, range, manifest: 'none' });
    expect(failed).toEqual([]);
    for (const { path } of masters) expect(Math.abs((await clickIn(path)) - due), path).toBeLessThan(CLOSE);
  });
});
