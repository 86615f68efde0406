import type { AnyDecoder } from './decoder.ts';
import { blazeface } from './decoders/blazeface.ts';
import { classMask } from './decoders/class-mask.ts';
import { embedding } from './decoders/embedding.ts';
import { faceMesh } from './decoders/face-mesh.ts';
import { facePoints } from './decoders/face-points.ts';
import { mask } from './decoders/mask.ts';
import { picture } from './decoders/picture.ts';
import { scrfd } from './decoders/scrfd.ts';
import { swappedPicture } from './decoders/swap.ts';
import { upscaling } from './decoders/upscaling.ts';
import { vector } from './decoders/vector.ts';
import { yoloFace } from './decoders/yolo-face.ts';
import { yunet } from './decoders/yunet.ts';

/** All decoders. The tasks of networks are those of their decoders. */
export const DECODERS = [
  blazeface,
  scrfd,
  yoloFace,
  yunet,
  faceMesh,
  facePoints,
  embedding,
  picture,
  upscaling,
  mask,
  classMask,
  swappedPicture,
  vector,
] as const satisfies readonly AnyDecoder[];
