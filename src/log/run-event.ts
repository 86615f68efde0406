import type { EventCode } from './event-codes.ts';

/**
 * What an event may be of, so that it can be searched for, in the order in which people are told it. A value is text, or a number that
 * names and does not count.
 */
export const EVENT_LABELS = [
  /** The command: `restore`, `work`. */
  'command',
  /** Path of the reel, or of the folder of pictures. */
  'reel',
  /** Id of the order. */
  'order',
  /** Counted from 1, as `inspect` lists them. */
  'shot',
  /** The first and the last frame of the take, `1001-1048`. */
  'take',
  /** In the reel's own numbering, as all that people see. */
  'frame',
  /** Name of the picture (`--each`). */
  'picture',
  /** Id of the face's track. */
  'track',
  /** Name of the person who is restored, hidden or left alone. */
  'person',
  /** What computes: `CPU`, or the adapter's name. */
  'device',
  /** Number of the graphics card on its machine, as `CUDA_VISIBLE_DEVICES` has it. */
  'gpu',
  'stage',
  /** Kind and number of the step: `take-12`. */
  'step',
  'slot',
  'worker',
  /** Name of the master's preset. */
  'master',
  /** Where a backup goes. */
  'target',
  /** Id of the network. */
  'network',
] as const;

export type EventLabels = Readonly<Partial<Record<(typeof EVENT_LABELS)[number], string | number | undefined>>>;

/** What is counted in an event: whole numbers. */
export const EVENT_COUNTS = [
  /** Frames that it is about, and those of them in which a face was restored. */
  'frames',
  'restored',
  /** Damaged frames. */
  'isolated',
  /** Faces by frames in which they were left alone. */
  'refused',
  'shots',
  'tracks',
  'takes',
  'files',
  'bytes',
  /** Counted from 1. */
  'attempt',
  /** Steps that wait. */
  'depth',
  /** Exit code. */
  'exit',
  /** Good copies of a backup. */
  'copies',
  /** Lines of a log that could not be written. */
  'lines',
] as const;

export type EventCounts = Readonly<Partial<Record<(typeof EVENT_COUNTS)[number], number | undefined>>>;

/** Something that happened in a run, on a farm or with a backup. */
export interface RunEvent {
  readonly code: EventCode;
  /** What happened, as a sentence; default the code's meaning. */
  readonly message?: string | undefined;
  readonly labels?: EventLabels | undefined;
  readonly counts?: EventCounts | undefined;
  /** How long it took, where it is an end. */
  readonly seconds?: number | undefined;
  /** Why, in words of which there are few: restorers' reasons, kinds of refusal. */
  readonly reason?: string | undefined;
  /** What failed. */
  readonly error?: unknown;
}
