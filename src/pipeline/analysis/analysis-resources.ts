import { type Ffmpeg, findFfmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { type ModelLibrary, openLibrary } from '../../model/library.ts';
import { acceptLicences } from '../../model/licence/accepted-licences.ts';
import type { InspectJob } from '../job.ts';
import type { RunOptions } from '../run-options.ts';
import { openStillPictures, type StillPictures } from '../stills/still-pictures.ts';

/** What is opened beside a `ReelAnalysis`, to make it and to restore with it. */
export interface AnalysisResources extends Disposable {
  readonly ffmpeg: Ffmpeg;
  readonly library: ModelLibrary;
  /** Pictures of the stills that the analysis knows by their hashes. */
  readonly pictures: StillPictures;
}

/** @throws FfmpegError where no ffmpeg is found, ModelError for a licence of a network that is not known. */
export async function openAnalysisResources(
  { ffmpeg, acceptLicence = [] }: Pick<InspectJob, 'ffmpeg' | 'acceptLicence'>,
  { onEvent }: Pick<RunOptions, 'onEvent'>,
): Promise<AnalysisResources> {
  const found = await findFfmpeg({ path: ffmpeg });
  const library = openLibrary({ onHotNews: onEvent });
  // Last: what is accepted is for all runs, whatever becomes of this one.
  const accepted = await acceptLicences(library, acceptLicence);
  for (const { id, licence } of accepted) {
    onEvent({ code: 'LICENCE_ACCEPTED', labels: { network: id }, reason: licence });
  }
  const pictures = openStillPictures();
  return {
    ffmpeg: found,
    library,
    pictures,
    [Symbol.dispose]: () => pictures[Symbol.dispose](),
  };
}
