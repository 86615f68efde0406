import { unfinishedName } from '../../../disk/durable.ts';
import type { Plate } from '../../../film/plate.ts';
import type { FrameRange } from '../../../film/range.ts';
import { pictureBytes } from '../../../film/sample-format.ts';
import { framePool } from '../../../stream/frame-pool.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { describeJob } from '../../ffmpeg/job.ts';
import { rawInput } from '../../ffmpeg/raw-input.ts';
import { startJob } from '../../ffmpeg/supervisor.ts';
import { storedPlate } from '../../read/decode.ts';
import { standingIn } from '../source-plate.ts';
import type { TakeWriter } from '../target.ts';
import { writeTrouble } from '../write-trouble.ts';
import { codedPicture, type TakeCoding, takeFilters, takeOptions } from './take-coding.ts';
import { publishTake, removeFile } from './take-file.ts';

/** Where and how a take's file is written. */
export interface TakeWriting {
  readonly coding: TakeCoding;
  readonly path: string;
  readonly ffmpeg: Ffmpeg;
  readonly signal: AbortSignal;
  /** Called with what a person should know, in a sentence. */
  readonly note: (sentence: string) => void;
}

/** Encodes the plates of one take into the file at `path`, in one process of ffmpeg's that reads them from its stdin. */
export function encodeTake(take: FrameRange, { coding, path, ffmpeg, signal, note }: TakeWriting): TakeWriter {
  const { reel } = coding;
  const stored = codedPicture(reel);
  const bytes = pictureBytes(reel.format, reel.width, reel.height);
  const unfinished = unfinishedName(path);
  const job = startJob(
    describeJob(ffmpeg.ffmpeg, {
      name: `Encoding "${path}"`,
      stdin: true,
      inputs: [rawInput(stored.format.name, stored, reel.rate)],
      outputs: [
        {
          target: `file:${unfinished}`,
          filters: takeFilters(coding, take),
          options: ['-map', '0:v:0', ...ffmpeg.passthrough, ...takeOptions(coding)],
        },
      ],
    }),
    signal,
  );
  job.stdout.resume();
  let next = take.in;
  let finished = false;

  const put = async (plate: Plate): Promise<void> => {
    if (plate.frame !== next || next >= take.out) {
      throw new RangeError(`Frame ${next} of the take [${take.in}, ${take.out}) comes next, not ${plate.frame}.`);
    }
    if (plate.bytes.byteLength !== bytes) {
      throw new RangeError(`A plate of ${bytes} bytes was expected, got ${plate.bytes.byteLength}.`);
    }
    next += 1;
    try {
      await job.write((reel.kind === 'movie' ? storedPlate(reel, plate) : plate).bytes);
    } catch (error) {
      throw writeTrouble(path, error);
    }
  };

  return {
    write: (plate) => put(plate),
    async pass(frame) {
      const pool = framePool(1, bytes);
      await put(await standingIn(reel, frame, { pool, ffmpeg, signal, note }));
    },
    async finish() {
      if (next !== take.out)
        throw new RangeError(`The take ends at ${take.out}, but only frames before ${next} were written.`);
      job.stdin?.end();
      try {
        await job.done;
        const segment = await publishTake(take, { unfinished, path }, ffmpeg, signal);
        finished = true;
        return segment;
      } catch (error) {
        throw writeTrouble(path, error);
      }
    },
    async [Symbol.asyncDispose]() {
      if (finished) return;
      await job.stop();
      await removeFile(unfinished);
    },
  };
}
