import { crc32, deflateSync } from 'node:zlib';
import { HEIGHT, noise, type RefusedCase, type StillCase, WIDTH } from './still-case.ts';

/** Colour types of PNG, and samples of a pixel. */
const SAMPLES = { grey: [0, 1], RGB: [2, 3], palette: [3, 1], 'grey + alpha': [4, 2], RGBA: [6, 4] } as const;

/** First column and row of a pass of Adam7, and the steps to the next. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export interface DrawnPng {
  readonly samples: keyof typeof SAMPLES;
  readonly bits: number;
  readonly interlaced: boolean;
  /** True where one colour stands for transparency. */
  readonly keyed?: boolean;
}

/** A PNG file whose picture is noise. */
export function drawPng({ samples, bits, interlaced, keyed = false }: DrawnPng): Buffer {
  const [colourType, count] = SAMPLES[samples];
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.writeUInt8(bits, 8);
  header.writeUInt8(colourType, 9);
  header.writeUInt8(interlaced ? 1 : 0, 12);
  const rows = (interlaced ? PASSES : ([[0, 0, 1, 1]] as const)).flatMap(([left, top, across, down], pass) => {
    const width = Math.ceil((WIDTH - left) / across);
    const rowBytes = Math.ceil((width * count * bits) / 8);
    return Array.from({ length: Math.ceil((HEIGHT - top) / down) }, (_, row) =>
      Buffer.concat([Buffer.alloc(1), noise(rowBytes, 1 + pass * 100 + row)]),
    );
  });
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...(samples === 'palette' ? [chunk('PLTE', noise(3 * 2 ** bits, 5))] : []),
    ...(keyed ? [chunk('tRNS', Buffer.alloc(count * 2))] : []),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

function cases(samples: DrawnPng['samples'], depths: readonly number[], packings: readonly string[]): StillCase[] {
  return depths.flatMap((bits) =>
    packings.map((packing) => ({
      kind: 'png' as const,
      claim: [samples, String(bits), packing, '–'] as const,
      draw: () => drawPng({ samples, bits, interlaced: packing === 'interlaced' }),
    })),
  );
}

const BOTH = ['plain', 'interlaced'];
export const PNG_CASES: readonly StillCase[] = [
  ...cases('grey', [1, 2, 4, 8, 16], BOTH),
  ...cases('palette', [1, 2, 4, 8], BOTH),
  ...cases('RGB', [8, 16], BOTH),
  ...cases('RGBA', [8, 16], BOTH),
  ...cases('grey + alpha', [8, 16], ['plain']),
];

export const PNG_REFUSED: readonly RefusedCase[] = [
  {
    kind: 'png',
    toMovie: true,
    claim: 'grey + alpha, interlaced',
    draw: () => drawPng({ samples: 'grey + alpha', bits: 8, interlaced: true }),
  },
  {
    kind: 'png',
    toMovie: true,
    claim: 'grey with a colour for transparency',
    draw: () => drawPng({ samples: 'grey', bits: 8, interlaced: false, keyed: true }),
  },
];
