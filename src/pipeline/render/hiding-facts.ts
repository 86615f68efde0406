import { contains, type FrameRange, lengthOf, overlap } from '../../film/range.ts';
import { rangesOf, rangeWords } from '../../report/frame-ranges.ts';
import type { Report } from '../../report/report.ts';
import { restorerNamed } from '../../restore/restorer-choice.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import type { CastRequest, CastTrack } from './cast-track.ts';
import { paintingOf, restorerFor } from './choose-restorer.ts';

/** What a person must look at where faces are to be hidden; frames count from 0. */
export type HidingFacts = NonNullable<Report['hiding']>;

type Analysed = Pick<ReelAnalysis, 'preset' | 'chosen' | 'range' | 'tracked' | 'castings' | 'reel'>;

/** Null where no face is to be hidden. @param tracks those that are painted */
export function hidingFacts(
  analysis: Analysed,
  tracks: readonly CastTrack[],
  request: CastRequest,
): HidingFacts | null {
  const { tracked, castings } = analysis;
  const areas = hidingAreas(analysis, request);
  if (areas.length === 0) return null;
  const hidden = tracks.filter(({ brief }) => restorerNamed(RESTORERS, brief.restorer.name).hides);
  const isHidden = (id: string) => hidden.some((one) => one.id === id);
  const found = [...tracked.tracks, ...tracks];
  const framesWhere = (is: (frame: number) => boolean) =>
    rangesOf(areas.flatMap(framesOf).filter(is)).map(({ in: from, out }) => ({ in: from, out }));
  return {
    beyond: hidden.flatMap((part) => {
      const own = tracked.tracks.find(({ id }) => id === part.id);
      const beside = framesOf(part).filter((frame) => !own || !contains(own, frame));
      return rangesOf(beside).map((range) => ({ track: part.id, ...range }));
    }),
    withoutFace: framesWhere((frame) => !found.some((track) => contains(track, frame))),
    damaged: framesWhere((frame) => analysis.reel.damaged.has(frame)),
    excepted: request.except
      ? castings.flatMap(({ track, person }) => {
          const own = tracked.tracks.find(({ id }) => id === track);
          if (person === null || !own || !areas.some((area) => lengthOf(overlap(area, own)) > 0)) return [];
          return [{ track, person, isHidden: isHidden(track) }];
        })
      : [],
  };
}

/** The frames in which faces are to be hidden, in order. */
function hidingAreas({ preset, chosen, range }: Analysed, request: CastRequest): readonly FrameRange[] {
  return (chosen ?? [null]).flatMap((shot) => {
    const painting = paintingOf({ preset, request }, shot);
    const hides = restorerFor(RESTORERS, painting.preset, painting.request, false)?.hides;
    return hides ? [overlap(shot ?? range, range)] : [];
  });
}

function framesOf({ in: from, out }: FrameRange): number[] {
  return Array.from({ length: Math.max(0, out - from) }, (_, k) => from + k);
}

/**
 * The same as sentences.
 *
 * @param first what people call frame 0
 * @param shown where faces are shown as they were
 */
export function hidingNotes(
  { beyond, withoutFace, damaged, excepted }: HidingFacts,
  first: number,
  shown: 'report' | 'preview',
): string[] {
  const by = [...new Set(beyond.map(({ track }) => track))];
  const sure = excepted.filter((one) => !one.isHidden);
  return [
    ...(withoutFace.length > 0
      ? [`No face was found in ${rangeWords(withoutFace, first)}, and nothing is hidden there: look at them.`]
      : []),
    ...(damaged.length > 0
      ? [
          `Damaged and passed through as they are: ${rangeWords(damaged, first)}. A face may be seen there: look at them.`,
        ]
      : []),
    ...by.map((track) => {
      const ranges = beyond.filter((one) => one.track === track);
      return `${track}: hidden in ${rangeWords(ranges, first)} as well, where the face was not found and may still be seen.`;
    }),
    ...(sure.length > 0
      ? [`Left to be seen: ${sure.map(({ track, person }) => `${track} (${person})`).join(', ')}.`]
      : []),
    ...excepted
      .filter((one) => one.isHidden)
      .map(({ track, person }) => `${track} may be ${person}, but not beyond doubt, and is hidden.`),
    `The ${shown} shows faces as they were: keep it where you keep the reel.`,
  ];
}
