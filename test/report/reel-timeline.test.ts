import { expect, it } from 'vitest';
import { reelTimeline } from '../../src/report/reel-timeline.ts';
import { TRACKS } from './report-of.ts';

/** The names on the bars of a track of so many of 1000 frames, cast as somebody. */
function namesOf(frames: number): (string | undefined)[] {
  const [track] = TRACKS.tracks;
  const shots = [{ in: 0, out: 1000 }] as unknown as typeof TRACKS.shots;
  const tracks = [
    { ...track, id: 'f1001', cast: 'the leading lady', shot: 0, in: 0, out: frames },
  ] as typeof TRACKS.tracks;
  const { markup } = reelTimeline({ ...TRACKS, shots, tracks }, []);
  return [...markup.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, name]) => name);
}

it('A bar of the timeline is named as far as its name fits', () => {
  expect(namesOf(400)).toEqual(['f1001 the leading lady']);
  expect(namesOf(60)).toEqual(['f1001']);
  expect(namesOf(20)).toEqual([]);
});
