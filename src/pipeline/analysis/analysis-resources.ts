import { type Ffmpeg, findFfmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { type ModelLibrary, openLibrary } from '../../model/library.ts';
import type { InspectJob } from '../job.ts';
import { openStillPictures, type StillPictures } from '../stills/still-pictures.ts';

/** What is opened beside a `ReelAnalysis`: to make one, and to paint with it. */
export interface AnalysisResources extends Disposable {
  readonly ffmpeg: Ffmpeg;
  readonly library: ModelLibrary;
  /** Pictures of the stills that the analysis knows by their hashes. */
  readonly pictures: StillPictures;
}

/** @throws FfmpegError where no ffmpeg is found. */
export async function openAnalysisResources({ ffmpeg }: Pick<InspectJob, 'ffmpeg'>): Promise<AnalysisResources> {
  const pictures = openStillPictures();
  return {
    ffmpeg: await findFfmpeg({ path: ffmpeg }),
    library: openLibrary(),
    pictures,
    [Symbol.dispose]: () => pictures[Symbol.dispose](),
  };
}
