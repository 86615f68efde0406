import { chromaLocationOf, lumaWeights } from '../../../film/colour.ts';
import type { PlateColour } from '../../../film/plate-colour.ts';
import { codeScale } from '../../../film/plate-colour.ts';
import type { SampleFormat } from '../../../film/sample-format.ts';
import type { ConversionFacts } from './conversion-facts.ts';
import type { FrameFormat } from './frame-format.ts';
import type { RgbSource } from './rgb-lines.ts';

/** What a conversion is, and what it did, as sentences for the report. */
export function conversionNotes(source: RgbSource, format: FrameFormat, facts: ConversionFacts): string[] {
  const { frames, clipped, clippedFrames, compared } = facts;
  const notes = [
    `${describeSource(source)} are written as ${format.title}, ${describeCodes(source, format)}. ${comparison(source, facts)}`,
  ];
  if (clipped > 0) {
    const rest = compared.unclipped.greatest;
    const kept = rest === 0 ? 'exactly as it was' : `within ${codes(rest)}`;
    notes.push(
      `${clipped === 1 ? '1 sample lies' : `${clipped} samples lie`} beyond black or white in ${clippedFrames} of ${frames} frames, cut off there (--as exr keeps such light); what was not cut off comes back ${kept}.`,
    );
  }
  return notes;
}

function describeSource({ format, colour, isInterlaced }: RgbSource): string {
  if (format.kind === 'float') return 'Samples of floats';
  const range = isFullScale(format, colour) ? 'full range' : 'video range';
  if (format.model !== 'yuv')
    return `${format.model === 'rgb' ? 'RGB' : 'Grey'} samples of ${format.bits} bits (${range})`;
  const layout = /\d{3}/.exec(format.name)?.[0] ?? '';
  const spread =
    layout === '444'
      ? ''
      : `, chroma spread from its place (${chromaLocationOf(colour.tags)}${isInterlaced ? ', field by field' : ''})`;
  return `YUV ${[...layout].join(':')} samples of ${format.bits} bits (${matrixName(colour)}, ${range})${spread}`;
}

function describeCodes({ format, colour }: RgbSource, { kind }: FrameFormat): string {
  const what = format.model === 'gray' ? 'luma' : 'RGB';
  if (kind === 'float') {
    const light = colour.transfer === 'linear' ? 'linear light' : 'code values and not linear light';
    return `${what} from 0, black, to 1, white: ${light}`;
  }
  return `${what} of full range`;
}

function isFullScale(format: SampleFormat, colour: PlateColour): boolean {
  return codeScale(format, format.model === 'rgb' ? 'G' : 'Y', colour).zero === 0;
}

/** The matrix by which YUV becomes RGB; an untagged reel's is chosen by its height. */
function matrixName({ tags, plateHeight }: PlateColour): string {
  if (tags.matrix !== undefined) return tags.matrix;
  return `untagged, taken for ${lumaWeights(undefined, plateHeight).kr === lumaWeights('bt709', 0).kr ? 'bt709' : 'smpte170m'}`;
}

/** What comes back. */
function comparison({ format }: RgbSource, { clipped, compared }: ConversionFacts): string {
  const measured = `${compared.frames} ${compared.frames === 1 ? 'frame was' : 'frames were'} converted back and compared`;
  if (compared.greatest === 0)
    return `${clipped === 0 ? 'Nothing is lost: ' : ''}${measured}, and every sample came back.`;
  const rms = Math.sqrt(compared.sumOfSquares / compared.samples);
  const of = format.kind === 'float' ? '' : ` of ${2 ** format.bits - 1}`;
  return `Converted back, samples differ by at most ${codes(compared.greatest)}${of}, RMS ${rms.toPrecision(2)} (${measured}).`;
}

function codes(count: number): string {
  const written = Number.isInteger(count) ? String(count) : count.toPrecision(2);
  return `${written} ${count === 1 ? 'code' : 'codes'}`;
}
