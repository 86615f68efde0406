/**
 * A picture wherever the backend keeps it: `planes` planes of `width` · `height` float32 samples. Colours are three planes, red, green
 * and blue, display-referred; a mask is one plane, 0 … 1.
 *
 * Operations take images and give new ones; none changes one that it was given. Whoever was given an image closes it, by `using`;
 * its memory is then the backend's again.
 */
export interface Image extends Disposable {
  readonly width: number;
  readonly height: number;
  readonly planes: number;
}

declare const VALUE: unique symbol;

/**
 * Figures that were measured and lie where the backend keeps them, until `statistics` reads them or an operation takes them: once, and
 * that closes them.
 */
export interface Figures<T> {
  readonly [VALUE]?: T;
}

/** Figures by name, each alone or several in a row. */
export type Wanted = Readonly<Record<string, Figures<unknown> | readonly Figures<unknown>[]>>;

/** What `statistics` answers: the same names and rows, with what the figures hold. */
export type Told<T extends Wanted> = {
  readonly [K in keyof T]: T[K] extends readonly Figures<infer V>[]
    ? readonly V[]
    : T[K] extends Figures<infer V>
      ? V
      : never;
};

/** Into the backend's memory, and out of it. Only here does anything wait: all other operations return before they are done. */
export interface ImageOperations {
  /**
   * The picture that `samples` hold, one plane after another: `Float32Array` of planes · width · height. They stay the caller's, who
   * leaves them as they are until the image is closed; they may lie on shared memory.
   */
  image(samples: Float32Array, width: number, height: number, planes: number): Image;
  /** Another handle of an image, to be closed by itself. */
  alias(image: Image): Image;
  /** The samples, as `image` takes them. With `into` (of their number) they are written there, and it is returned. */
  read(image: Image, into?: Float32Array): Promise<Float32Array>;
  /** Everything that is wanted, in one read. */
  statistics<T extends Wanted>(wanted: T): Promise<Told<T>>;
}
