import { unfinishedName } from '../../../disk/durable.ts';
import { type FrameRange, lengthOf } from '../../../film/range.ts';
import { toNumber } from '../../../film/rational.ts';
import type { MovieReel } from '../../../film/reel.ts';
import { FfmpegError } from '../../ffmpeg/ffmpeg-error.ts';
import { describeJob } from '../../ffmpeg/job.ts';
import {
  LISTED_PACKETS,
  type ListedPacket,
  packetHashes,
  parseListedPackets,
  shownPackets,
} from '../../ffmpeg/packet-hashes.ts';
import { runJob } from '../../ffmpeg/supervisor.ts';
import type { Segment } from '../target.ts';
import { writeTrouble } from '../write-trouble.ts';
import { packetOptions } from './kept-packets.ts';
import type { TakeWriting } from './take-encoder.ts';
import { removeFile, sealTake } from './take-file.ts';

/**
 * Writes the source's own packets of a take into its file, undecoded; null where they are not those of the take's frames, one each, or
 * do not come back from the file as they were: the take must be encoded then.
 */
export async function copyPackets(
  reel: MovieReel,
  take: FrameRange,
  { coding, path, ffmpeg, signal }: TakeWriting,
): Promise<Segment | null> {
  const unfinished = unfinishedName(path);
  const { times } = reel;
  const job = describeJob(ffmpeg.ffmpeg, {
    name: `Copying "${reel.path}"`,
    inputs: [{ source: `file:${reel.path}`, options: [...seekOptions(reel, take.in), '-copyts'] }],
    outputs: [
      {
        target: `file:${unfinished}`,
        options: [...packetsOf(take), ...packetOptions(coding)],
      },
      { target: 'pipe:1', options: [...packetsOf(take), ...LISTED_PACKETS] },
    ],
  });
  try {
    const { stdout } = await runJob(job, { signal });
    const packets = parseListedPackets(stdout);
    const isTake = packets.length === lengthOf(take) && packets.every(({ time }, k) => time === times[take.in + k]);
    if (!isTake || !areThese(await packetHashes(unfinished, ffmpeg, signal), packets)) return null;
    const pictures = await shownPackets(unfinished, ffmpeg, signal);
    return { ...(await sealTake(take, { unfinished, path })), packets: true, pictures };
  } catch (error) {
    const trouble = writeTrouble(path, error);
    if (!(trouble instanceof FfmpegError) || trouble.exitCode === null) throw trouble;
    return null;
  } finally {
    await removeFile(unfinished);
  }
}

/** Ends at the packet of a frame, as each is a key frame: a little behind its time, because containers round times. */
function seekOptions({ times, timeBase, rate }: MovieReel, frame: number): string[] {
  if (frame === 0) return [];
  const seconds = (times[frame] as number) * toNumber(timeBase) + (0.25 * rate.den) / rate.num;
  return ['-seek_timestamp', '1', '-noaccurate_seek', '-ss', seconds.toFixed(6)];
}

function packetsOf(take: FrameRange): string[] {
  return ['-map', '0:V:0', '-copypriorss', '1', '-frames:v', `${lengthOf(take)}`];
}

function areThese(hashes: readonly string[], packets: readonly ListedPacket[]): boolean {
  return hashes.length === packets.length && packets.every(({ hash }, k) => hash === hashes[k]);
}
