import { uprightPixelAspect } from '../film/reel.ts';
import { nominalRate } from '../film/timecode.ts';
import { RESTORERS } from '../restore/restorers.ts';
import { PRESETS } from '../settings/preset.ts';
import { namesOf } from '../settings/preset-file.ts';
import { settingsSchema } from '../settings/preset-schema.ts';
import { settingMeanings } from '../settings/setting-changes.ts';
import type {
  Decision,
  DecisionState,
  PictureKind,
  ReelEntry,
  ReelReview,
  ReviewChoices,
  ReviewShot,
  ReviewTrack,
} from './api.ts';
import { badnessOf, worstFrameOf, worstOf } from './badness.ts';
import { compileRequest } from './compile-decisions.ts';
import { replayDecisions } from './decision-state.ts';
import { redoAbility } from './redo.ts';
import type { ReelPictures } from './reel-pictures.ts';
import { nameOfReport, type ReadReport } from './report-folder.ts';
import { reviewStills } from './review-stills.ts';

/** A reel's line in the list. */
export function reelEntry(read: ReadReport, decisions: readonly Decision[]): ReelEntry {
  const { report, tracks } = read;
  const { stateOf } = replayDecisions(decisions);
  const states: Record<DecisionState, number> = { undecided: 0, approved: 0, rejected: 0, redo: 0 };
  for (const shot of tracks.shots.keys()) states[stateOf({ scope: 'shot', shot })] += 1;
  for (const { id } of tracks.tracks) states[stateOf({ scope: 'track', track: id })] += 1;
  return {
    id: read.id,
    name: nameOfReport(read),
    finished: report.finished,
    frames: report.frames.in,
    restored: report.frames.restored,
    shots: tracks.shots.length,
    tracks: tracks.tracks.length,
    worst: worstOf(tracks.tracks.map(({ id }) => badnessOf(report, id))),
    states,
    people: peopleIn(read),
  };
}

/** All that is known of a reel but its curves and decisions. */
export async function reelReview(
  read: ReadReport,
  pictures: ReelPictures,
  decisions: readonly Decision[],
): Promise<ReelReview> {
  const { report, tracks: file, request } = read;
  const { reel } = pictures.plate;
  const { stateOf } = replayDecisions(decisions);
  const tracks = file.tracks.map((track): ReviewTrack => {
    const figures = report.faces[track.id];
    return {
      ...{
        id: track.id,
        shot: track.shot,
        in: track.in,
        out: track.out,
        cast: track.cast,
        similarity: track.similarity,
      },
      restored: figures?.restored ?? 0,
      refused: figures?.refused ?? 0,
      leftAlone: figures?.leftAlone ?? [],
      state: stateOf({ scope: 'track', track: track.id }),
      badness: badnessOf(report, track.id),
      worstFrame: worstFrameOf(read.faces.get(track.id), track),
      boxes: track.observations.map(({ box }) => box),
      five: track.observations.map(({ five }) => five),
    };
  });
  const shots = file.shots.map((shot, index): ReviewShot => {
    const own = tracks.filter((track) => track.shot === index).sort(worseFirst);
    return {
      ...{ index, in: shot.in, out: shot.out },
      poster: own[0]?.worstFrame ?? Math.floor((shot.in + shot.out - 1) / 2),
      tracks: own.map(({ id }) => id),
      worst: worstOf(own.map(({ badness }) => badness)),
      state: stateOf({ scope: 'shot', shot: index }),
    };
  });
  const kinds: PictureKind[] = [
    'plate',
    'output',
    ...(pictures.mattes === null ? [] : ['matte' as const]),
    'difference',
  ];
  return {
    id: read.id,
    name: nameOfReport(read),
    plate: report.reel.path,
    output: report.outputs[0]?.path ?? '',
    ...{ width: reel.width, height: reel.height, pixelAspect: uprightPixelAspect(reel), rate: reel.rate },
    ...{ first: reel.first, in: read.in, out: read.out },
    timecode: reel.timecode ?? null,
    nominalRate: nominalRate(reel.rate),
    kinds,
    restorer: report.restorer,
    preset: report.preset.name,
    finished: report.finished,
    version: read.version,
    shots,
    tracks: [...tracks].sort(worseFirst),
    takes: report.takes.map(({ shot, in: from, out, redone }) => ({ shot, in: from, out, redone })),
    people: peopleIn(read),
    stills: await reviewStills(request, compileRequest(request ?? {}, decisions).leftOut),
    choices: await reviewChoices(),
    notes: report.notes,
    damaged: report.frames.isolated.map(({ frame, reason }) => ({ frame, reason })),
    redo: redoAbility(read),
  };
}

/** What decisions may name. A network is a file, and chosen where the reel is restored. */
export async function reviewChoices(): Promise<ReviewChoices> {
  return {
    restorers: RESTORERS.map(({ name }) => name),
    presets: await namesOf(PRESETS),
    settings: settingMeanings(settingsSchema(RESTORERS)).filter(({ name }) => !name.startsWith('models.')),
  };
}

function worseFirst(a: ReviewTrack, b: ReviewTrack): number {
  return b.badness.score - a.badness.score || a.in - b.in;
}

/** Whoever a track was cast as, and whoever the run was given stills of. */
export function peopleIn({ tracks, request }: ReadReport): readonly string[] {
  const given = [...(request?.references ?? []), ...(request?.find ?? [])].flatMap((one) =>
    typeof one === 'string' ? [] : [one.name],
  );
  return [...new Set([...given, ...tracks.tracks.flatMap(({ cast }) => cast ?? [])])].sort();
}
