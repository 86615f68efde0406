import type { RestorationFacts } from '../restore/restorer.ts';
import type { CastTrack } from './cast-track.ts';
import type { TakeRecord } from './take-record.ts';

/** What a restorer did to one face in a take: sums over frames, so that takes can be added. */
export type RestoringSums = TakeRecord['restoring'][number];

/** Frames in which a restorer faded itself out by more than this count as faded. */
const FADED = 0.95;
/** Mean gate from which a reader need not be told. */
const WELL_GATED = 0.5;

/** Gathers what a restorer says of one face, frame by frame; null where it declined. */
export function addFacts(sums: RestoringSums, facts: RestorationFacts | null | undefined): RestoringSums {
  if (facts === null) return { ...sums, declined: sums.declined + 1 };
  if (facts === undefined) return sums;
  return {
    ...sums,
    told: sums.told + 1,
    faded: sums.faded + (facts.strength < FADED ? 1 : 0),
    averaged: sums.averaged + facts.averaged,
    dirt: sums.dirt + facts.dirt,
    gated: sums.gated + (facts.gate === undefined ? 0 : 1),
    gate: sums.gate + (facts.gate ?? 0),
    blur: sums.blur + (facts.blur ?? 0),
  };
}

export function noFacts(track: string): RestoringSums {
  return { track, told: 0, declined: 0, faded: 0, averaged: 0, dirt: 0, gated: 0, gate: 0, blur: 0 };
}

/** Where a face could not be restored, or only in part, as sentences for the report. */
export function restoringNotes(takes: readonly (readonly RestoringSums[])[], tracks: readonly CastTrack[]): string[] {
  const byTrack = new Map<string, RestoringSums>();
  for (const sums of takes.flat()) {
    const known = byTrack.get(sums.track);
    byTrack.set(sums.track, known ? added(known, sums) : sums);
  }
  return [...byTrack.values()].flatMap((sums) => {
    const person = tracks.find(({ id }) => id === sums.track)?.person;
    const who = person ? `${sums.track} (${person})` : sums.track;
    const notes: string[] = [];
    const frames = (count: number) => (count === 1 ? '1 frame' : `${count} frames`);
    if (sums.declined > 0) {
      notes.push(
        `${who}: left as it was in ${frames(sums.declined)}; the face is too small there, turned away, or in a light of its own (a flash).`,
      );
    }
    if (sums.faded > 0) {
      notes.push(
        `${who}: restored only in part in ${frames(sums.faded)}; the face is small there, or nearly in profile.`,
      );
    }
    if (sums.gated > 0 && sums.gate < WELL_GATED * sums.gated) {
      const share = Math.round((100 * sums.gate) / sums.gated);
      notes.push(
        `${who}: ${share} % of the detail that the stills offer agrees with the film; elsewhere the face is the repaired plate. Stills nearer to the shot in pose, expression and light would give more.`,
      );
    }
    return notes;
  });
}

function added(a: RestoringSums, b: RestoringSums): RestoringSums {
  return {
    track: a.track,
    told: a.told + b.told,
    declined: a.declined + b.declined,
    faded: a.faded + b.faded,
    averaged: a.averaged + b.averaged,
    dirt: a.dirt + b.dirt,
    gated: a.gated + b.gated,
    gate: a.gate + b.gate,
    blur: a.blur + b.blur,
  };
}
