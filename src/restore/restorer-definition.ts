import type { z } from 'zod';
import type { Compute } from '../compute/compute.ts';
import type { Landmarks } from '../face/landmarks.ts';
import type { Enhancer, Masker, Swapper, Upscaler } from '../face/networks.ts';
import type { CarriedRestorer } from './carried/carried-restorer.ts';
import type { Restorer } from './restorer.ts';
import type { StillPatch } from './stills/still-patch.ts';

/** What a restorer is: all that the command line, presets, runs, workers and reports know of it. One file each, listed in `restorers.ts`. */
export interface RestorerDefinition<
  Name extends string = string,
  Room extends z.ZodObject = z.ZodObject,
  Settings = RestorerSettings,
> {
  /** As in `--restorer` and in presets, where it is also the name of the restorer's room. */
  readonly name: Name;
  /** What it does to a face, in a few words, for the help: "repairs the face, then …". */
  readonly summary: string;
  /** Its room of a preset: every setting with its unit, its reason and its default. */
  readonly settings: Room;
  /** A restorer that this one builds upon: its settings, and what it becomes without grain or reuse, hold for this one too. */
  readonly base?: RestorerDefinition;
  readonly needs: RestorerNeeds<Settings>;
  /** What is taken instead for a face of which there are no stills. */
  readonly fallback?: RestorerDefinition;
  /** What settings become where a run is asked for no grain (`--grain none`), and for no reuse (`--reuse off`). */
  readonly without?: { readonly grain?: Partial<Settings>; readonly reuse?: Partial<Settings> };
  /** What settings become for a picture without neighbours in time (`--each`); absent where it is nothing without them. */
  readonly alone?: Partial<Settings>;
  /** Neighbours that it wants on each side, frames; the same as what it is opened with says. */
  window(settings: Settings): number;
  /**
   * For a restorer that hides faces, how far beyond a track; absent for all others. Such a restorer is given every face where a run does
   * not say which, and refuses none.
   */
  hides?(settings: Settings): HidingReach;
  /** True where it carries restorations from keyframes to the frames between them. */
  carries?(settings: Settings): boolean;
  open(context: RestorerContext<Settings>): Restorer | CarriedRestorer | Promise<Restorer | CarriedRestorer>;
  /** What the report says of the faces that it restored. */
  readonly words: RestorerWords;
}

/** Settings of a restorer, those of its base among them, by name. */
export type RestorerSettings = Readonly<Record<string, unknown>>;

/** Frames in which a face is hidden that was not found there. */
export interface HidingReach {
  /** Before a track and after it. */
  readonly margin: number;
  /** Longest absence of a face that comes back in about its place, through which it is hidden all the while. */
  readonly bridge: number;
}

/** What must be there before a restorer is opened. */
export interface RestorerNeeds<Settings = RestorerSettings> {
  /** `required`: a face of which there are none is left as it is, or given to the fallback. */
  readonly stills: 'none' | 'used' | 'required';
  /** True where stills that are finer than the plate are of use. */
  readonly fineStills?: boolean;
  /** True where it looks at the track's typical landmarks, which it is not told else: its takes change with them. */
  readonly pose?: boolean;
  /** True where it shows a person with another's face: it runs only with a record of who allowed it. */
  readonly authorisation?: true;
  /** True where it covers the whole face, whatever is before it: maskers are not asked. */
  readonly wholeFace?: boolean;
  /** Ids of the networks that it opens. */
  networks?(settings: Settings): readonly string[];
}

/** Opens the networks that restorers ask for. Each is opened once, however many restorers ask. */
export interface RestorerNetworks {
  /** What a network is for, as its contract says: `upscale`, `restore` … */
  task(id: string): Promise<string>;
  upscaler(id: string): Promise<Upscaler>;
  /** @param classes the things that count as the face, for maskers that tell several apart; null: what the masker's contract says */
  masker(id: string, classes: readonly string[] | null): Promise<Masker>;
  enhancer(id: string): Promise<Enhancer>;
  swapper(id: string): Promise<Swapper>;
}

/** What a restorer is opened with, for one track. */
export interface RestorerContext<Settings = RestorerSettings> {
  readonly settings: Settings;
  /** The cast person's stills; none where nobody has any. */
  readonly stills: readonly StillPatch[];
  /** Landmarks of the track's most typical frame; empty for restorers that do not need them. */
  readonly pose: Landmarks;
  readonly networks: RestorerNetworks;
  /** What it computes pixels by. */
  readonly compute: Compute;
}

/** What the report says, as ends of sentences. */
export interface RestorerWords {
  /** By the reason that a restorer gives (`Refusal.refused`, `RestorationFacts.limit`), or `stills` where these agree with little. */
  readonly reasons: Readonly<Record<string, ReasonWords>>;
  /** What less than half of what stills offer was believed for, and what helps: after "41 % ". For restorers that tell a `gate`. */
  readonly gate?: string;
}

/** Why a face was left as it was, or restored only in part. */
export interface ReasonWords {
  /** In a few words, beside a curve. */
  readonly brief: string;
  readonly leftAlone?: string;
  readonly inPart?: string;
}

/** A definition, its settings inferred from its room and its base's. */
export function defineRestorer<const Name extends string, Room extends z.ZodObject, BaseSettings = unknown>(
  definition: Omit<RestorerDefinition<Name, Room, BaseSettings & z.output<Room>>, 'base'> & {
    readonly base?: RestorerDefinition<string, z.ZodObject, BaseSettings>;
  },
): RestorerDefinition<Name, Room, BaseSettings & z.output<Room>> {
  return definition as RestorerDefinition<Name, Room, BaseSettings & z.output<Room>>;
}
