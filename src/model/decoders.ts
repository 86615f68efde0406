import type { AnyDecoder } from './decoder.ts';
import { blazeface } from './decoders/blazeface.ts';
import { classMask } from './decoders/class-mask.ts';
import { embedding } from './decoders/embedding.ts';
import { faceMesh } from './decoders/face-mesh.ts';
import { facePoints } from './decoders/face-points.ts';
import { mask } from './decoders/mask.ts';
import { picture } from './decoders/picture.ts';
import { swap } from './decoders/swap.ts';
import { upscaling } from './decoders/upscaling.ts';

/** Every way in which answers are coded that there is. The tasks of networks are those of their decoders. */
export const DECODERS = [
  blazeface,
  faceMesh,
  facePoints,
  embedding,
  picture,
  upscaling,
  mask,
  classMask,
  swap,
] as const satisfies readonly AnyDecoder[];
