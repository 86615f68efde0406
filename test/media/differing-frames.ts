import type { FrameRange } from '../../src/film/range.ts';
import type { Reel } from '../../src/film/reel.ts';
import type { Ffmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { describeJob } from '../../src/media/ffmpeg/job.ts';
import { runJob } from '../../src/media/ffmpeg/supervisor.ts';
import { layoutFilters, planarFormat } from '../../src/media/read/decode.ts';
import { reelInput } from '../../src/media/read/reel-input.ts';

/**
 * The frames of `range` whose samples in `written`, which begins with the reel's frame `first`, differ from the reel's own:
 * none, for a lossless target and untouched frames.
 */
export async function differingFrames(
  reel: Reel,
  { written, first, range }: { readonly written: Reel; readonly first: number; readonly range: FrameRange },
  ffmpeg: Ffmpeg,
): Promise<number[]> {
  const there = { in: range.in - first, out: range.out - first };
  const [own, its] = await Promise.all([
    frameHashes(reel, range, ffmpeg),
    frameHashes({ ...written, damaged: new Map() }, there, ffmpeg),
  ]);
  return Array.from({ length: range.out - range.in }, (_, k) => range.in + k).filter(
    (frame) => own.get(frame) === undefined || own.get(frame) !== its.get(frame - first),
  );
}

/** MD5 of each frame's samples, in planes. */
async function frameHashes(reel: Reel, range: FrameRange, ffmpeg: Ffmpeg): Promise<Map<number, string>> {
  const input = reelInput(reel, range, 1);
  const job = describeJob(ffmpeg.ffmpeg, {
    name: `Comparing frames of "${reel.path}"`,
    inputs: [input],
    outputs: [
      {
        target: 'pipe:1',
        filters: [...input.filters, ...layoutFilters(reel)],
        options: [
          ...['-map', '0:V:0', '-c:v', 'rawvideo', '-pix_fmt', planarFormat(reel), '-enc_time_base', '-1'],
          ...[...ffmpeg.passthrough, '-frames:v', `${input.limit}`, '-f', 'framemd5'],
        ],
      },
    ],
  });
  const { stdout } = await runJob(job, { input: input.stdin });
  const base = /^#tb 0: (\d+)\/(\d+)/m.exec(stdout);
  const timeBase = { num: Number(base?.[1] ?? 1), den: Number(base?.[2] ?? 1) };
  const hashes = new Map<number, string>();
  for (const row of stdout.matchAll(/^0,\s*-?\d+,\s*(-?\d+),\s*\d+,\s*\d+,\s*([0-9a-f]{32})/gm)) {
    const frame = input.frameAt({ ticks: Number(row[1]), timeBase });
    if (frame !== undefined) hashes.set(frame, row[2] as string);
  }
  return hashes;
}
