/** Runs that each network would make if it ran on every frame. */
export interface EveryFrame {
  readonly detector: number;
  readonly landmarker: number;
  readonly recogniser: number;
  /** A heavy landmark network's; absent where none is used. */
  readonly refiner?: number;
}

/** What was tracked. */
export interface FramesSeen {
  /** Pictures that were tracked. */
  readonly frames: number;
  /** Detector runs that one search of a whole picture takes. */
  readonly tiles: number;
  /** Lengths of all tracks, frames. */
  readonly faces: number;
  /** True where a heavy landmark network is used. */
  readonly refined: boolean;
}

/**
 * The runs that are made where reuse is off: all of the detector's tiles in every picture, and every other network for every face
 * in it.
 */
export function everyFrameRuns({ frames, tiles, faces, refined }: FramesSeen): EveryFrame {
  return {
    detector: tiles * frames,
    landmarker: faces,
    recogniser: faces,
    ...(refined ? { refiner: faces } : {}),
  };
}

/** Runs of all networks together. */
export function everyFrameTotal({ detector, landmarker, recogniser, refiner = 0 }: EveryFrame): number {
  return detector + landmarker + recogniser + refiner;
}

/** Sum of both, network by network. */
export function addEveryFrame(a: EveryFrame, b: EveryFrame): EveryFrame {
  const refiner = (a.refiner ?? 0) + (b.refiner ?? 0);
  return {
    detector: a.detector + b.detector,
    landmarker: a.landmarker + b.landmarker,
    recogniser: a.recogniser + b.recogniser,
    ...(refiner > 0 ? { refiner } : {}),
  };
}
