import { unfinishedName } from '../../../disk/durable.ts';
import { OutputError } from '../../../disk/output-error.ts';
import { type FrameRange, lengthOf } from '../../../film/range.ts';
import { isStoredUpright } from '../../../film/reel.ts';
import { pictureBytes } from '../../../film/sample-format.ts';
import { FfmpegError } from '../../ffmpeg/ffmpeg-error.ts';
import { describeJob } from '../../ffmpeg/job.ts';
import { runJob } from '../../ffmpeg/supervisor.ts';
import { layoutFilters, planarFormat } from '../../read/decode.ts';
import { parseFrameTimes } from '../../read/frame-times.ts';
import { SEEK_ATTEMPTS } from '../../read/movie/movie-input.ts';
import { assertPictureSize } from '../../read/picture-size.ts';
import { reelInput } from '../../read/reel-input.ts';
import { DamagedStill } from '../../still/damaged-still.ts';
import { sendPlates } from '../send-plates.ts';
import type { Segment } from '../target.ts';
import { writeTrouble } from '../write-trouble.ts';
import { codedPicture, takeFilters, takeOptions } from './take-coding.ts';
import { encodeTake, type TakeWriting } from './take-encoder.ts';
import { publishTake, removeFile } from './take-file.ts';

/** Encodes an untouched take straight from the source in one process of ffmpeg's; where frames are missing, frame by frame. */
export async function copyTake(take: FrameRange, writing: TakeWriting): Promise<Segment> {
  const { path, ffmpeg, signal } = writing;
  const unfinished = unfinishedName(path);
  try {
    if (await copiedWhole(take, unfinished, writing)) {
      return await publishTake(take, { unfinished, path }, ffmpeg, signal);
    }
  } catch (error) {
    throw writeTrouble(path, error);
  } finally {
    await removeFile(unfinished);
  }
  return await copyFrameByFrame(take, writing);
}

/** False where not every frame of the take came out of the decoder. */
async function copiedWhole(
  take: FrameRange,
  unfinished: string,
  { coding, ffmpeg, signal }: TakeWriting,
): Promise<boolean> {
  const { reel } = coding;
  // Stills that are not stored upright are turned on their way into a movie.
  if (reel.kind === 'folder' && !isStoredUpright(reel)) return false;
  const stored = codedPicture(reel);
  const bytes = pictureBytes(stored.format, stored.width, stored.height);
  for (let attempt = 0; attempt < SEEK_ATTEMPTS; attempt++) {
    const input = reelInput(reel, take, attempt);
    if (input.frames.length !== lengthOf(take)) return false;
    const timing = ['-map', '0:V:0', ...ffmpeg.passthrough, '-frames:v', `${input.limit}`];
    const job = describeJob(ffmpeg.ffmpeg, {
      name: `Encoding "${reel.path}" untouched`,
      inputs: [input],
      outputs: [
        {
          target: `file:${unfinished}`,
          filters: [...input.filters, ...layoutFilters(reel), ...takeFilters(coding, take)],
          options: [...timing, ...takeOptions(coding)],
        },
        // Times of the very frames that are encoded. Their pipe also ends ffmpeg when this process is killed.
        {
          target: 'pipe:1',
          filters: [...input.filters],
          options: [
            ...timing,
            '-autoscale',
            '0',
            '-c:v',
            'rawvideo',
            '-pix_fmt',
            planarFormat(reel),
            '-enc_time_base',
            '-1',
            '-f',
            'framecrc',
            '-flush_packets',
            '1',
          ],
        },
      ],
    });
    try {
      const { stdout } = await runJob(job, { signal, input: input.stdin });
      const times = parseFrameTimes(stdout);
      const frames = times.map(input.frameAt);
      for (const [k, time] of times.entries()) assertPictureSize(reel, { time, frame: frames[k], bytes });
      if (frames.length === lengthOf(take) && frames.every((frame, k) => frame === take.in + k)) return true;
    } catch (error) {
      if (error instanceof DamagedStill) return false;
      if (!(error instanceof FfmpegError) || error.exitCode === null) throw error;
      if (writeTrouble(unfinished, error) instanceof OutputError) throw error;
    }
    if (!input.seeks) return false;
  }
  return false;
}

async function copyFrameByFrame(take: FrameRange, writing: TakeWriting): Promise<Segment> {
  await using writer = encodeTake(take, writing);
  await sendPlates(writing.coding.reel, take, writer, writing);
  return await writer.finish();
}
