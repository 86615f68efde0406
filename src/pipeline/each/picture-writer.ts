import { DamagedStill } from '../../media/still/damaged-still.ts';
import type { TakeWriter } from '../../media/write/target.ts';
import type { WrittenPicture } from '../../workers/picture-service.ts';
import type { Lane } from './lanes.ts';
import { stopwatch } from './stopwatch.ts';

/** Writes a picture's one frame; one whose file cannot be changed after all is passed on, and the reason told. */
export function pictureWriter(lane: Pick<Lane, 'pictures'>, to: string) {
  let written: WrittenPicture | null = null;
  let failure: string | null = null;
  let seconds = 0;
  const writer: TakeWriter<WrittenPicture | null> = {
    async write({ bytes }, changed) {
      if (!changed) return;
      const lap = stopwatch();
      try {
        written = await lane.pictures.call('write', { bytes, changed, to }, [bytes.buffer]);
      } catch (error) {
        if (!(error instanceof DamagedStill)) throw error;
        failure = error.message;
      }
      seconds = lap();
    },
    async pass() {},
    finish: async () => written,
    async [Symbol.asyncDispose]() {},
  };
  return { ...writer, failure: () => failure, seconds: () => seconds };
}
