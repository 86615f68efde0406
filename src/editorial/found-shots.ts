import type { FrameRange } from '../film/range.ts';
import type { Reel } from '../film/reel.ts';

/** The shots of a reel and what was found and made in them, as a list that is written has it. Frames count from 0. */
export interface FoundShots {
  readonly reel: Reel;
  /** In order and apart; there may be gaps between them. */
  readonly shots: readonly FoundShot[];
}

export interface FoundShot extends FrameRange {
  readonly name: string;
  readonly faces: readonly FoundFace[];
  /** Frames that a person should look at, in order. */
  readonly markers: readonly ShotMarker[];
}

/** A face in a shot. */
export interface FoundFace extends FrameRange {
  readonly track: string;
  /** null where nobody was recognised. */
  readonly person: string | null;
  /** What restored it; null where it was left as it was. */
  readonly restorer: string | null;
  /** Frames of the shot in which it was restored. */
  readonly restored: number;
}

/** Why frames are marked: a face was changed most there, is least like its person, flickers most, was refused; they are damaged; or a person decided on them. */
export type MarkerKind = 'changed' | 'likeness' | 'flicker' | 'refused' | 'damaged' | 'decided';

/** The colour of each kind, as Avid's locators and OpenTimelineIO's markers name it. */
export const MARKER_COLOURS: Readonly<Record<MarkerKind, string>> = {
  changed: 'YELLOW',
  likeness: 'CYAN',
  flicker: 'MAGENTA',
  refused: 'BLUE',
  damaged: 'RED',
  decided: 'ORANGE',
};

export interface ShotMarker extends FrameRange {
  readonly kind: MarkerKind;
  readonly track?: string;
  /** What is to be seen there, in a few words. */
  readonly text: string;
  /** Change and flicker in 8-bit levels, likeness as a cosine. */
  readonly value?: number;
}

/** A face in a few words: `anna (f1001), repair in 40 frames`. */
export function faceWords({ track, person, restorer, restored }: FoundFace): string {
  const who = person === null ? track : `${person} (${track})`;
  const frames = `${restored} ${restored === 1 ? 'frame' : 'frames'}`;
  return restorer === null ? who : `${who}, ${restorer} in ${frames}`;
}
