import { lumaWeights } from '../../film/colour.ts';
import { type Orientation, swapsSides, uprightFormat } from '../../film/orientation.ts';
import { equalRational, rational, toNumber } from '../../film/rational.ts';
import { type Reel, storedAs } from '../../film/reel.ts';
import { sampleFormat } from '../../film/sample-format.ts';
import { codedPicture, isFullRange } from '../write/movie/take-coding.ts';
import { displayCurve, gamutCube } from './display-lut.ts';
import { changesPicture, type MasterForm, type ReviewLook } from './master-form.ts';

/** A reel's picture on its way to an encoder. */
export interface ShownPicture {
  /** The reel as it is behind the filters: its size, samples and tags. */
  readonly reel: Reel;
  /** From the reel's stored samples. */
  readonly filters: readonly string[];
  /** Files that the filters read, by name: text. They lie in ffmpeg's folder. */
  readonly files: ReadonlyMap<string, string>;
  /** What was done to it, as sentences. */
  readonly notes: readonly string[];
}

/** ffmpeg's names of turns that make a stored picture upright. */
const TURNS: Readonly<Record<Orientation, readonly string[]>> = {
  1: [],
  2: ['hflip'],
  3: ['hflip', 'vflip'],
  4: ['vflip'],
  5: ['transpose=cclock_flip'],
  6: ['transpose=clock'],
  7: ['transpose=clock_flip'],
  8: ['transpose=cclock'],
};

/** Samples deep enough for curves over log and PQ codes. */
const DEEP = 'gbrp16le';

/**
 * How a master sees the reel: as it is stored; copies to look at as a screen shows it, and upright where more is asked of them.
 *
 * @param look with a LUT as the text of its file
 */
export function shownPicture(reel: Reel, { review }: MasterForm, look: ReviewLook): ShownPicture {
  if (!review) return { reel, filters: [], files: new Map(), notes: [] };
  const steps = [
    ...(changesPicture(look) ? [upright] : []),
    ...(look.lut !== undefined ? [looked(look.lut)] : reel.transfer === 'rec709' ? [] : [displayed]),
    ...(look.scale ? [scaled(look)] : []),
  ];
  return steps.reduce<ShownPicture>(
    (before, step) => {
      const after = step(before.reel);
      return {
        reel: after.reel,
        filters: [...before.filters, ...after.filters],
        files: new Map([...before.files, ...(after.files ?? [])]),
        notes: [...before.notes, ...(after.notes ?? [])],
      };
    },
    { reel, filters: [], files: new Map(), notes: [] },
  );
}

type Step = (reel: Reel) => Pick<ShownPicture, 'reel' | 'filters'> & Partial<ShownPicture>;

const upright: Step = (reel) => {
  if (reel.kind === 'folder' || reel.stored === undefined) return { reel, filters: [] };
  const { orientation } = storedAs(reel, 0);
  const { stored: _, displayMatrix: __, pixelAspect, ...rest } = reel;
  const { num, den } = pixelAspect;
  const turned = swapsSides(orientation) ? rational(den, num) : pixelAspect;
  const format = uprightFormat(codedPicture(reel).format, orientation);
  return {
    reel: { ...rest, pixelFormat: format.name, pixelAspect: turned },
    filters: TURNS[orientation],
    notes: ['The picture is turned upright, as players show the reel.'],
  };
};

/** As plates are: planes of RGB, deep enough for a curve. */
function toRgb(reel: Reel): string[] {
  if (reel.format.model === 'rgb') return reel.format.kind === 'float' ? [] : [`format=${DEEP}`];
  const matrix = reel.colour.matrix;
  const { kr } = lumaWeights(matrix, reel.height);
  const name =
    matrix === 'bt2020nc' || matrix === 'bt2020c' ? 'bt2020' : kr === 0.299 ? 'smpte170m' : (matrix ?? 'bt709');
  const from = `in_range=${isFullRange(reel) ? 'pc' : 'tv'}${reel.format.model === 'yuv' ? `:in_color_matrix=${name}` : ''}`;
  return [`scale=flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp:${from}:out_range=pc`, `format=${DEEP}`];
}

function inBt709(reel: Reel): Reel {
  const format = sampleFormat(DEEP);
  const colour = { primaries: 'bt709', transfer: 'bt709' };
  const shown = { ...reel, format, pixelFormat: DEEP, colour, transfer: 'rec709' } as const;
  // Mastering display and light levels are of the light that was there before.
  if ('hdr10' in shown) delete (shown as { hdr10?: unknown }).hdr10;
  return shown;
}

const displayed: Step = (reel) => {
  const wide = reel.transfer === 'pq' && reel.colour.primaries === 'bt2020';
  const curve = `display-${reel.transfer}.cube`;
  const light = { log: 'The log scan', linear: 'Scene light', pq: 'PQ light', rec709: '' }[reel.transfer];
  return {
    reel: inBt709(reel),
    filters: [
      ...toRgb(reel),
      `lut1d=file=${curve}`,
      // Float samples keep what is brighter than white until here.
      ...(reel.format.kind === 'float' ? [`format=${DEEP}`] : []),
      ...(wide ? ['lut3d=file=gamut.cube:interp=tetrahedral'] : []),
    ],
    files: new Map([[curve, displayCurve(reel.transfer)], ...(wide ? ([['gamut.cube', gamutCube()]] as const) : [])]),
    notes: [`${light} is shown as a screen of BT.709 shows it${wide ? ', its colours brought to BT.709' : ''}.`],
  };
};

function looked(text: string): Step {
  const filter = /^\s*LUT_1D_SIZE/m.test(text) ? 'lut1d=file=look.cube' : 'lut3d=file=look.cube:interp=tetrahedral';
  return (reel) => ({
    reel: inBt709(reel),
    filters: [...toRgb(reel), filter, ...(reel.format.kind === 'float' ? [`format=${DEEP}`] : [])],
    files: new Map([['look.cube', text]]),
    notes: ['The LUT is laid over the code values; the copy is tagged BT.709.'],
  });
}

/** Fitted into the size that is asked for, with square pixels. */
function scaled({ scale, pad }: ReviewLook): Step {
  return (reel) => {
    const aspect = reel.pixelAspect ?? rational(1);
    const shown = reel.width * toNumber(aspect);
    const factor = Math.min((scale?.width ?? Infinity) / shown, (scale?.height ?? Infinity) / reel.height);
    const even = (length: number) => Math.max(2, 2 * Math.round(length / 2));
    const [width, height] = [even(shown * factor), even(reel.height * factor)];
    const bars = pad && scale?.width !== undefined && scale.height !== undefined;
    const [outer, high] = bars ? [scale.width as number, scale.height as number] : [width, height];
    const filled = outer !== width || high !== height;
    return {
      reel: {
        ...reel,
        width: outer,
        height: high,
        ...(equalRational(aspect, rational(1)) ? {} : { pixelAspect: rational(1) }),
      },
      filters: [
        `scale=${width}:${height}:interl=-1:flags=lanczos+accurate_rnd+full_chroma_int`,
        ...(filled ? [`pad=${outer}:${high}:(ow-iw)/2:(oh-ih)/2:color=black`] : []),
      ],
    };
  };
}
