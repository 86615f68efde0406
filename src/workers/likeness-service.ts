import type { Embedding } from '../face/embedding.ts';
import type { FivePoints } from '../face/landmarks.ts';
import type { RgbPicture } from '../face/networks.ts';
import type { RunningDevice } from '../model/network-device.ts';

/** Runs the recogniser on faces, off the main thread. */
export type LikenessService = {
  /** Opens the recogniser; the model library holds it already. */
  open(network: { readonly recogniser: string; readonly device: RunningDevice }): Promise<void>;
  embed(face: RgbPicture & { readonly five: FivePoints }): Promise<Embedding>;
};
