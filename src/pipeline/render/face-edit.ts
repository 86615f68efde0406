import { webcrypto } from 'node:crypto';
import type { Region } from '../../film/plate.ts';
import type { Comped } from '../../render/face-rendering.ts';
import type { FaceEdit } from '../work/take-record.ts';

/**
 * What comping a face did to a frame. Samples are hashed as a region holds them, planes one after another, 16-bit and float ones
 * little-endian; on other threads, since nobody waits for it but the end of the frame.
 */
export async function faceEdit(frame: number, before: Region, comped: Comped): Promise<FaceEdit> {
  const { x, y, width, height } = before.roi;
  let pixels = 0;
  for (const value of comped.matte) if (value > 0) pixels += 1;
  const [was, is] = await Promise.all([samplesHash(before), samplesHash(comped.region)]);
  return { frame, region: [x, y, width, height], pixels, before: was, after: is };
}

/** SHA-256 of a region's samples, lower-case hex. */
export async function samplesHash({ bytes }: Pick<Region, 'bytes'>): Promise<string> {
  // What several threads see cannot be hashed beside them.
  const own = bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice();
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', own as Uint8Array<ArrayBuffer>)).toString('hex');
}
