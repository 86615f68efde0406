import type { Orientation } from '../../../film/orientation.ts';
import type { ByteSource } from '../byte-source.ts';
import { DamagedStill, UnsupportedStill } from '../damaged-still.ts';
import { checkPictureSize } from '../picture-size.ts';
import type { StillInfo } from '../still-info.ts';
import { dpxColour, dpxTransfer } from './dpx-colour.ts';
import { type DpxFields, readDpxFields } from './dpx-header.ts';
import { type DpxLayout, decodedName, dpxLayoutOf, nameOfDescriptor, planarName } from './dpx-layout.ts';
import { type DpxWay, isReadBackwards, likeliestWay } from './dpx-look.ts';
import { statedRate } from './dpx-rate.ts';
import { type DpxRows, type RowChoice, rowChoice } from './dpx-rows.ts';
import { bytesOfSamples, type DpxWords } from './dpx-samples.ts';

/** How the samples of a DPX file (SMPTE ST 268) lie in it. Only the first image element is read, as ffmpeg does. */
export interface DpxHeader extends StillInfo {
  readonly pixelFormat: string;
  readonly layout: DpxLayout;
  readonly words: DpxWords;
  readonly rows: DpxRows;
  /** In a row. */
  readonly samples: number;
}

/** By the header's number: the lines run left to right or right to left, and go down or up; from 4 on they run down or up. */
const EXIF_ORIENTATIONS: readonly Orientation[] = [1, 2, 4, 3, 5, 6, 8, 7];
const UNDEFINED_PACKING = 0xffff;

/** Reads and checks a DPX file's header; of the picture only as much as is needed to know how it lies. @throws DamagedStill */
export async function parseDpx(source: ByteSource): Promise<DpxHeader> {
  const fields = await readDpxFields(source);
  const { width, height, descriptor } = fields;
  const layout = checkedLayout(fields);
  const words = checkedWords(fields, layout);
  checkPictureSize(fields);
  if (width % layout.pixels !== 0) {
    throw new UnsupportedStill(
      `holds 4:2:2 samples of an odd width (${width} pixels), of which the last has no colour; save it with an even width`,
    );
  }
  const samples = (width / layout.pixels) * layout.components.length;
  const { rows, lowFirst } = await wayOf(source, fields, { layout, words, samples });
  const read = { ...words, lowFirst };
  const decoded =
    isDecoded(source.size, fields, { words: read, rows, samples, layout }) && decodedName(descriptor, words);
  const { rate, doubt, undecided } = statedRate(fields.filmRate, fields.televisionRate);
  const isYuv = !layout.components.includes('R');
  return {
    width,
    height,
    orientation: EXIF_ORIENTATIONS[fields.orientation ?? 0] ?? 1,
    pixelFormat: decoded || planarName(layout, words.bits),
    transfer: dpxTransfer(fields.transfer),
    rate,
    ...(doubt === undefined ? {} : { rateDoubt: doubt }),
    ...(undecided ? { rateUndecided: undecided } : {}),
    ...(decoded ? {} : { unpacked: { colour: dpxColour({ ...fields, isYuv }) } }),
    obstacle: null,
    note: null,
    layout,
    words: read,
    rows,
    samples,
  };
}

function checkedLayout({ descriptor, others, signed }: DpxFields): DpxLayout {
  const layout = dpxLayoutOf(descriptor);
  if (!layout) {
    throw new UnsupportedStill(
      `holds ${nameOfDescriptor(descriptor)}, which is not read; save it as RGB, luma or 4:2:2 samples`,
    );
  }
  // A matte or depth beside the picture stays as it is.
  const colours = others.filter((other) => [1, 2, 3, 6, 7].includes(other.descriptor));
  if (layout.components.length === 1 && colours.length > 0) {
    throw new UnsupportedStill(
      `keeps its colours in ${colours.length + 1} separate image elements, which is not read; save it with the colours of a pixel side by side`,
    );
  }
  if (signed) throw new UnsupportedStill('has signed samples, which are not read; save it with unsigned ones');
  return layout;
}

function checkedWords({ bits, packing, encoding, bigEndian }: DpxFields, layout: DpxLayout): DpxWords {
  if (encoding === 1) throw new UnsupportedStill('is run-length encoded, which is not read; save it uncompressed');
  if (encoding !== null && encoding !== 0) {
    throw new DamagedStill(
      `has a damaged header: its encoding is ${encoding}, and 0 (none) or 1 (run-length) is known`,
    );
  }
  if (bits !== 8 && bits !== 10 && bits !== 12 && bits !== 16) {
    const float = bits === 32 || bits === 64 ? ' (float)' : '';
    throw new UnsupportedStill(
      `has samples of ${bits} bits${float}, and 8, 10, 12 and 16 are read; save it with one of them`,
    );
  }
  const single = layout.components.length === 1;
  const words = { bigEndian, bits } as const;
  if (bits === 8 || bits === 16) return { ...words, packing: 'packed', lowFirst: true };
  if (packing === 0) return { ...words, packing: 'packed', lowFirst: true };
  // Three samples of 10 bits a word: colours from the top down, a single channel from the bottom up, as ffmpeg and OpenImageIO do.
  if (packing === 1 || packing === 2) return { ...words, packing: packing === 1 ? 'A' : 'B', lowFirst: single };
  const said = packing === UNDEFINED_PACKING ? 'does not say how' : `says by ${packing} how`;
  throw new UnsupportedStill(
    `${said} its samples of ${bits} bits are packed into words, and packed (0), filled A (1) and filled B (2) are read; save it as filled A`,
  );
}

interface Picture {
  readonly layout: DpxLayout;
  readonly words: DpxWords;
  readonly samples: number;
}

/** Where the rows lie, and from which end words are read. */
async function wayOf(
  source: ByteSource,
  fields: DpxFields,
  { layout, words, samples }: Picture,
): Promise<{ rows: DpxRows; lowFirst: boolean }> {
  const { height } = fields;
  const choice = choiceOf(source.size, fields, { words, samples });
  const fromStart = choice.needed <= source.size;
  const picture = { height, samples, step: layout.components.length, trusted: fromStart };
  const ways = choice.fitting.map((rows): DpxWay => ({ words, rows }));
  const way = choice.certain ? ways[0] : await likeliestWay(source, ways, picture);
  if (!way) {
    const { offset } = choice;
    if (!fromStart) {
      const [needed, there] = [choice.needed - offset, Math.max(0, source.size - offset)];
      throw new DamagedStill(
        `is cut off: ${needed} bytes of picture are needed from byte ${offset}, ${there} are there`,
      );
    }
    throw new UnsupportedStill(
      `has rows that do not lie as its header says: read so, a row of its picture is unlike the next, and its ${source.size} bytes tell no other way; save it again without padding`,
    );
  }
  const { bits, packing } = words;
  const ambiguous =
    bits === 10 ? packing === 'packed' || layout.components.length % 3 !== 0 : bits === 12 && packing === 'packed';
  const backwards = ambiguous && (await isReadBackwards(source, way, picture));
  return { rows: way.rows, lowFirst: backwards ? !words.lowFirst : words.lowFirst };
}

/** Ways in which the rows may lie from the place where the picture begins. */
function choiceOf(
  size: number,
  { offsets, height, rowPadding, picturePadding, fileSize, others }: DpxFields,
  { words, samples }: Pick<Picture, 'words' | 'samples'>,
): RowChoice & { readonly offset: number } {
  const ends = [
    ...(fileSize === null ? [] : [fileSize]),
    ...(picturePadding === null ? [] : [size - picturePadding]),
    ...others.flatMap((other) => other.offset ?? []),
  ];
  const choices = offsets.map((offset) => ({
    offset,
    ...rowChoice({ words, height, offset, samples, rowPadding: rowPadding ?? 0, size, ends }),
  }));
  const [first] = choices;
  if (!first) {
    throw new DamagedStill(
      'has a damaged header: the byte at which it says that its picture begins is not in the file',
    );
  }
  const whole = choices.filter(({ needed }) => needed <= size);
  const certain = choices.filter((choice) => choice.certain);
  if (certain.length > 0) return certain[0] as typeof first;
  if (whole.length > 1) {
    throw new UnsupportedStill(
      `says that its picture begins at byte ${offsets.join(' and at byte ')}, and either may be right; save it again`,
    );
  }
  return whole[0] ?? first;
}

/** True where ffmpeg finds the samples where they are: it knows no padding but its own, and believes the size that the header states. */
function isDecoded(
  size: number,
  { offset, fileSize, encoding, descriptor, height, runsOn }: DpxFields,
  { words, rows, samples, layout }: Pick<DpxHeader, 'words' | 'rows' | 'samples' | 'layout'>,
): boolean {
  const tight = bytesOfSamples(words, samples);
  const filled = Math.ceil(tight / 4) * 4;
  const planar = descriptor === 102 || descriptor === 103;
  const taken = offset + filled * height <= size && !planar ? filled : tight;
  const asExpected = words.lowFirst === (layout.components.length === 1 || words.packing === 'packed');
  return (
    rows.offset === offset &&
    rows.rowBytes === taken &&
    asExpected &&
    encoding === 0 &&
    (fileSize === null || fileSize === size) &&
    !(runsOn && words.bits === 10 && samples % 3 !== 0)
  );
}
