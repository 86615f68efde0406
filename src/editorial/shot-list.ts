import type { Rational } from '../film/rational.ts';

/** What an editorial file lists, before it is known which frames of the reel are meant. */
export interface ShotList {
  readonly file: string;
  readonly entries: readonly ListEntry[];
  /** What a person should know of how it was read, as sentences. */
  readonly notes: readonly string[];
}

/** One entry of a shot list. */
export interface ListEntry {
  readonly name: string;
  /** Where it stands in the file, such as `line 4`. */
  readonly where: string;
  /** Names of the reel that it is cut from, as the file has them; empty where the file does not say. */
  readonly sources: readonly string[];
  readonly span: EntrySpan;
  readonly wishes: ShotWishes;
}

/** The frames of an entry, as its format names them. */
export type EntrySpan =
  /** Numbers in the reel's own numbering, both included. */
  | { readonly by: 'number'; readonly first: number; readonly last: number }
  /** Labels, both included. */
  | { readonly by: 'label'; readonly first: string; readonly last: string }
  /** Labels of an EDL, `out` not included. */
  | EdlSpan
  /** Media time. */
  | MediaSpan;

export interface EdlSpan {
  readonly by: 'edl';
  readonly in: string;
  readonly out: string;
  /** True where a label with colons is counted as the reel's are, since the file does not say how. */
  readonly asReel: boolean;
  /** Frames behind `out` that a transition takes. */
  readonly more: number;
  /** Where the event is shown faster or slower: the record's labels, and source frames a second. */
  readonly speed?: { readonly in: string; readonly out: string; readonly fps: Rational };
}

export interface MediaSpan {
  readonly by: 'time';
  /** Seconds; `from` counts from `zero`. */
  readonly from: Rational;
  readonly length: Rational;
  /** Seconds that transitions and another speed take beside it, as far as the reel has them. */
  readonly before: Rational;
  readonly behind: Rational;
  /** Frames a second that the file writes these times in. */
  readonly rate: Rational;
  /** `timecode`: 00:00:00:00 of the reel's timecode; a number: the file of an image sequence; `first`: the first frame of the media. */
  readonly zero: 'timecode' | 'first' | number;
}

/** What a shot list asks for in an entry beside its frames. */
export interface ShotWishes {
  readonly restorer?: string;
  readonly preset?: string;
  /** The only person who may be recognised there; null = nobody is restored. */
  readonly cast?: string | null;
  /** Frames more on either side. */
  readonly handles?: number;
  readonly note?: string;
}
