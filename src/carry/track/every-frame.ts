/** Network runs that looking at every frame afresh takes, by network. */
export interface EveryFrame {
  readonly detector: number;
  readonly landmarker: number;
  readonly recogniser: number;
  /** A heavy landmark network's; absent where none is used. */
  readonly refiner?: number;
}

/** What there was to look at. */
export interface FramesSeen {
  /** Pictures that were looked at. */
  readonly frames: number;
  /** Detector runs that one search of a whole picture takes. */
  readonly tiles: number;
  /** Lengths of all tracks, frames. */
  readonly faces: number;
  /** True where a heavy landmark network is used. */
  readonly refined: boolean;
}

/** All of the detector's tiles in every picture, and every other network for every face in it: what is done where reuse is off. */
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
