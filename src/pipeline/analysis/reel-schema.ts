import { z } from 'zod';
import type { Reel } from '../../film/reel.ts';
import { sampleFormat } from '../../film/sample-format.ts';

const rational = z.object({ num: z.int(), den: z.int().positive() });

const storedPicture = z.object({
  width: z.int(),
  height: z.int(),
  orientation: z.literal([1, 2, 3, 4, 5, 6, 7, 8]),
});

const chromaticity = z.tuple([z.number(), z.number()]).readonly();
const hdr10 = z.object({
  mastering: z.exactOptional(
    z.object({
      red: chromaticity,
      green: chromaticity,
      blue: chromaticity,
      white: chromaticity,
      luminance: z.object({ max: z.number(), min: z.number() }),
    }),
  ),
  light: z.exactOptional(z.object({ max: z.number(), average: z.number() })),
});

const picture = {
  path: z.string(),
  width: z.int(),
  height: z.int(),
  rate: rational,
  frames: z.int(),
  first: z.int(),
  /** Its name; see `sampleFormat`. */
  format: z.string(),
  pixelFormat: z.string(),
  colour: z.object({
    range: z.exactOptional(z.enum(['tv', 'pc'])),
    primaries: z.exactOptional(z.string()),
    transfer: z.exactOptional(z.string()),
    matrix: z.exactOptional(z.string()),
    chromaLocation: z.exactOptional(z.string()),
  }),
  transfer: z.enum(['rec709', 'log', 'linear', 'pq']),
  /** Frame and what is wrong with it. */
  damaged: z.array(z.tuple([z.int(), z.string()])),
  notes: z.exactOptional(z.array(z.string())),
};

/** A reel as JSON holds it. */
export const reelSchema = z.discriminatedUnion('kind', [
  z.object({
    ...picture,
    kind: z.literal('folder'),
    still: z.enum(['dpx', 'tiff', 'png', 'jpeg', 'exr']),
    files: z.array(z.string().nullable()),
    unpacked: z.exactOptional(z.literal(true)),
    stored: z.exactOptional(z.array(storedPicture).readonly()),
    timecode: z.exactOptional(z.string()),
    pixelAspect: z.exactOptional(rational),
    layer: z.exactOptional(z.string()),
  }),
  z.object({
    ...picture,
    kind: z.literal('movie'),
    container: z.string(),
    codec: z.string(),
    wholePackets: z.exactOptional(z.object({ profile: z.string() })),
    times: z.array(z.number()),
    timeBase: rational,
    lastDuration: z.exactOptional(z.number()),
    byPlace: z.exactOptional(z.literal(true)),
    timecode: z.exactOptional(z.string()),
    pixelAspect: rational,
    fields: z.string(),
    hdr10: z.exactOptional(hdr10),
    audioStreams: z.int(),
    subtitleStreams: z.int(),
    stored: z.exactOptional(storedPicture),
    displayMatrix: z.exactOptional(z.array(z.int()).readonly()),
  }),
]);

type WrittenReel = z.output<typeof reelSchema>;

export function writtenReel({ notes, ...reel }: Reel): WrittenReel {
  const plain = {
    format: reel.format.name,
    damaged: [...reel.damaged],
    ...(notes ? { notes: [...notes] } : {}),
  };
  return reel.kind === 'folder'
    ? { ...reel, ...plain, files: [...reel.files] }
    : { ...reel, ...plain, times: [...reel.times] };
}

/** @throws ReelError for a sample format that this version does not know. */
export function reelOfWritten(written: WrittenReel): Reel {
  return { ...written, format: sampleFormat(written.format), damaged: new Map(written.damaged) };
}
