import { promisify } from 'node:util';
import { constants, deflateRaw, inflateRaw } from 'node:zlib';
import { z } from 'zod';
import { readSealed, writeSealed } from '../../disk/sealed-file.ts';
import type { Region } from '../../film/plate.ts';
import type { Comped } from '../../render/face-rendering.ts';
import type { Refusal, RestorationFacts } from '../../restore/restorer.ts';

/** What rendering a face came to: the face, or why it stays the plate's. */
export type RenderedFace = Omit<Comped, 'pictures'> | Refusal;

/** A rendered face as a file has it. */
export interface KeptFace {
  /** What the report chooses its pictures by; null where nothing of the plate was changed. */
  readonly shown: { readonly change: number; readonly gate?: number } | null;
  /** Bytes that it holds in memory. */
  readonly bytes: number;
  /** @param plate the region as the plate has it. Its memory becomes the face's */
  rendered(plate: Region): Promise<RenderedFace>;
}

export const FACE_FILE_FORMAT = 'RMFACE01';
/** Zeros outside of the matte and grain within: looking for repetitions costs half as much again, and finds fewer. */
const DEFLATE = { level: 1, strategy: constants.Z_RLE } as const;

const deflated = promisify<Uint8Array, typeof DEFLATE, Buffer<ArrayBuffer>>(deflateRaw);
const inflated = promisify<Uint8Array, Buffer<ArrayBuffer>>(inflateRaw);

const count = z.int().nonnegative();
const number = z.number();

const factsSchema = z.strictObject({
  strength: number,
  limit: z.exactOptional(z.string()),
  averaged: number,
  dirt: number,
  grain: z.exactOptional(z.array(number.nullable())),
  gate: z.exactOptional(number),
  blur: z.exactOptional(number),
  carried: z.exactOptional(number),
  hidden: z.exactOptional(number),
  maskersRan: z.exactOptional(z.boolean()),
} satisfies Record<keyof RestorationFacts, z.ZodType>);

const headerSchema = z.union([
  z.strictObject({ refused: z.string() }),
  z.strictObject({
    roi: z.strictObject({ x: count, y: count, width: count, height: count }),
    changed: z.strictObject({ in: count, out: count }).nullable(),
    face: z.strictObject({
      before: number,
      after: number,
      sharpnessBefore: number,
      sharpnessAfter: number,
      change: number,
    }),
    facts: z.exactOptional(factsSchema),
    /** Floats of each of the face's grids. */
    grids: z.tuple([count, count]),
    packed: count,
  }),
]);

/**
 * Writes a rendered face as a new file: its samples as what differs from the plate's, bit by bit, so that they are exactly what they
 * were whatever a reel stores.
 *
 * @param plate the region as it was before the face was comped
 */
export async function writeKeptFace(path: string, rendered: RenderedFace, plate: Region): Promise<void> {
  if ('refused' in rendered) {
    await writeSealed(path, FACE_FILE_FORMAT, { refused: rendered.refused }, []);
    return;
  }
  const { region, matte, changed, face, facts } = rendered;
  const { beforeGrid, afterGrid, ...measured } = face;
  const packed = await deflated(packable(plate.bytes, region.bytes, matte), DEFLATE);
  const header = {
    roi: region.roi,
    changed,
    face: measured,
    ...(facts ? { facts } : {}),
    grids: [beforeGrid.length, afterGrid.length],
    packed: packed.length,
  };
  await writeSealed(path, FACE_FILE_FORMAT, header, [beforeGrid, afterGrid, packed]);
}

/** Reads a file that `writeKeptFace` wrote. @throws Error where it is gone, damaged, or of another version */
export async function readKeptFace(path: string): Promise<KeptFace> {
  return readSealed(path, FACE_FILE_FORMAT, async (json, next, nextBytes) => {
    const header = headerSchema.parse(json);
    if ('refused' in header) return { shown: null, bytes: 0, rendered: async () => header };
    const { roi, changed, face: measured, facts, grids, packed: length } = header;
    const face = { ...measured, beforeGrid: await next(grids[0]), afterGrid: await next(grids[1]) };
    const packed = await nextBytes(length);
    const gate = facts?.gate;
    return {
      shown: changed && { change: face.change, ...(gate === undefined ? {} : { gate }) },
      bytes: length,
      async rendered(plate) {
        const matte = unpackInto(plate.bytes, await inflated(packed));
        return { region: { ...plate, roi }, matte, changed, face, ...(facts ? { facts } : {}) };
      },
    };
  });
}

/** The bits in which a face's samples differ from the plate's; then the matte, its lower bytes and its upper ones, nearly all alike. */
function packable(plate: Uint8Array, face: Uint8Array, matte: Uint16Array): Uint8Array {
  const { length } = plate;
  const bytes = new Uint8Array(length + 2 * matte.length);
  for (let i = 0; i < length; i++) bytes[i] = (plate[i] as number) ^ (face[i] as number);
  for (let i = 0; i < matte.length; i++) {
    const value = matte[i] as number;
    bytes[length + i] = value & 0xff;
    bytes[length + matte.length + i] = value >> 8;
  }
  return bytes;
}

/** Turns the plate's samples into the face's, and gives the matte. */
function unpackInto(plate: Uint8Array, bytes: Uint8Array): Uint16Array {
  const { length } = plate;
  for (let i = 0; i < length; i++) plate[i] = (plate[i] as number) ^ (bytes[i] as number);
  const matte = new Uint16Array((bytes.length - length) / 2);
  for (let i = 0; i < matte.length; i++) {
    matte[i] = (bytes[length + i] as number) | ((bytes[length + matte.length + i] as number) << 8);
  }
  return matte;
}
