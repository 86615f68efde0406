import type { z } from 'zod';
import type { Embedding } from '../face/embedding.ts';
import type { Landmarks } from '../face/landmarks.ts';
import type { Detection } from '../face/observation.ts';
import type { Similarity } from '../face/similarity.ts';
import type { InputPort, OutputPort, PicturePort } from './port.ts';

/** A network's outputs by name: floats in the order of the port's shape. */
export type Outputs = ReadonlyMap<string, Float32Array>;

/** The contract's description of how its network's answers are coded. */
export interface DecoderSettings {
  readonly kind: string;
}

/** A way in which answers are coded: one file in `decoders/`, listed in `decoders.ts`. */
export interface Decoder<
  Task extends string = string,
  Schema extends z.ZodObject = z.ZodObject,
  Settings = DecoderSettings,
> {
  /** As in a contract's `decoder.kind`. */
  readonly kind: string;
  /** What a network with such answers is for. */
  readonly task: Task;
  /** Of the contract's `decoder`, `kind` among its fields. */
  readonly schema: Schema;
  /** Names of the outputs that it reads. */
  outputs(settings: Settings): readonly string[];
  /** Names of the inputs that are fed; undefined: the only picture. Scalars that are not among them have a value in the contract. */
  inputs?(settings: Settings): readonly string[] | undefined;
  /** Ids of other networks that it asks: without them it cannot be run. Absent: none. */
  networks?(settings: Settings): readonly string[];
  /** What is wrong with a contract's ports, as a sentence without its full stop; null where nothing is. */
  fault?(settings: Settings, ports: Ports): string | null;
}

/** What goes in and out of a network. */
export interface Ports {
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly OutputPort[];
}

/** Of a detector. */
export interface DetectionDecoder<Schema extends z.ZodObject = z.ZodObject, Settings = DecoderSettings>
  extends Decoder<'detect', Schema, Settings> {
  /** One detection a face, of those that score `threshold` or more: pixels of an input of `side` × `side`. */
  decode(outputs: Outputs, settings: Settings, side: number, threshold: number): Detection[];
}

/** Landmarks in picture pixels: the whole mesh, or some of its points by their numbers. `presence` 0 … 1 is their confidence. */
export type PlacedLandmarks = { readonly presence: number } & (
  | { readonly landmarks: Landmarks }
  | { readonly indices: readonly number[]; readonly places: readonly number[] }
);

/** Of a landmarker. */
export interface LandmarkDecoder<Schema extends z.ZodObject = z.ZodObject, Settings = DecoderSettings>
  extends Decoder<'landmark', Schema, Settings> {
  /** How many points it places. */
  points(settings: Settings): number;
  /** True where these are the whole mesh; its answers then have `landmarks`. */
  readonly isMesh: boolean;
  /** True where it is fed points in place of a picture. */
  readsPoints?(settings: Settings): boolean;
  /** `toPicture` carries pixels of an input of `side` × `side` to the picture. */
  decode(outputs: Outputs, settings: Settings, side: number, toPicture: Similarity): PlacedLandmarks;
}

/** Of a recogniser. */
export interface EmbeddingDecoder<Schema extends z.ZodObject = z.ZodObject, Settings = DecoderSettings>
  extends Decoder<'recognise', Schema, Settings> {
  /** As the network gives it, of any length. */
  vector(outputs: Outputs, settings: Settings): Float32Array;
  /** Of length 1. */
  decode(outputs: Outputs, settings: Settings): Embedding;
}

/** Of an upscaler. */
export interface UpscalingDecoder<Schema extends z.ZodObject = z.ZodObject, Settings = DecoderSettings>
  extends Decoder<'upscale', Schema, Settings> {
  factor(settings: Settings): number;
  /** See `Upscaler.reach`. */
  reach(settings: Settings): number;
  /** Pixels along a side that it is shown at once, Infinity: any; and what they must be divisible by. */
  sizes(settings: Settings): { readonly tile: number; readonly multiple: number };
  /** Planar RGB, 0 … 1, `factor` times as wide and high as the input of `pixels` pixels. */
  decode(outputs: Outputs, settings: Settings, input: PicturePort, pixels: number): Float32Array;
}

/** Of a masker. */
export interface MaskDecoder<Schema extends z.ZodObject = z.ZodObject, Settings = DecoderSettings>
  extends Decoder<'mask', Schema, Settings> {
  /**
   * 1 = the face itself, 0 = something else: of side² of the input.
   *
   * @param classes the things that count as the face, where it tells several apart; null: those of its settings
   */
  decode(outputs: Outputs, settings: Settings, classes: readonly string[] | null): Float32Array;
}

/** Of a network that restores a face. */
export interface PictureDecoder<Schema extends z.ZodObject = z.ZodObject, Settings = DecoderSettings>
  extends Decoder<'restore', Schema, Settings> {
  /** Name of the scalar input that says how far it holds to its picture; null where it has none. */
  weight(settings: Settings): string | null;
  /** Planar RGB, 0 … 1, of as many pixels as the input. */
  decode(outputs: Outputs, settings: Settings, input: PicturePort, pixels: number): Float32Array;
}

/** Any decoder. Tasks that nothing runs yet have contracts, and nothing to decode. */
export type AnyDecoder =
  | DetectionDecoder
  | LandmarkDecoder
  | EmbeddingDecoder
  | UpscalingDecoder
  | MaskDecoder
  | PictureDecoder
  | Decoder<'swap' | 'translate'>;
