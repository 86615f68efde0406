import { type TracksFile, tracksFileOf } from '../../report/tracks-file.ts';
import type { ReelAnalysis } from './reel-analysis.ts';

/** `tracks.json` of a reel that was analysed. */
export function analysedTracks({
  reel,
  tracked,
  castings,
  people,
}: Pick<ReelAnalysis, 'reel' | 'tracked' | 'castings' | 'people'>): TracksFile {
  return tracksFileOf({
    reel,
    shots: tracked.shots,
    tracks: tracked.tracks,
    // Without anybody to look for only what a person decided is a casting.
    castings: castings.filter(({ person }) => person !== null || people.length > 0),
    counts: tracked.work?.counts ?? null,
  });
}
