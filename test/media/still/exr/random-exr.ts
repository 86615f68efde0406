import type { Random } from '../random.ts';
import {
  type ModelChannel,
  type ModelFile,
  type ModelPart,
  type ModelWindow,
  randomSamples,
  sizeOf,
} from './exr-model.ts';

/** A random valid file, and what is to be read of it. */
export interface RandomExr {
  readonly model: ModelFile;
  /** The layer to ask for; undefined where it is found without. */
  readonly layer: string | undefined;
  /** The part and the channels of the picture, in the plate's order of planes. */
  readonly part: number;
  readonly planes: readonly string[];
  readonly pixelFormat: string;
}

const KINDS = [
  { planes: ['G', 'B', 'R'], pixelFormat: 'gbrpf32le' },
  { planes: ['G', 'B', 'R', 'A'], pixelFormat: 'gbrapf32le' },
  { planes: ['Y'], pixelFormat: 'grayf32le' },
  { planes: ['Y', 'A'], pixelFormat: 'grayf32le' },
  { planes: ['G'], pixelFormat: 'grayf32le' },
];
/** Those that `packed` of `write-exr.ts` knows or stores unpacked, and that are written back in their own kind. */
const COMPRESSIONS = [0, 1, 2, 3, 3, 4, 5];

export function randomExr(random: Random): RandomExr {
  const multiPart = random.chance(0.3);
  const kind = random.pick(KINDS);
  const prefix = random.pick(['', '', 'beauty.', 'rgba.', 'view.left.']);
  const display = randomWindow(random, 12, { left: random.int(20) - 10, top: random.int(20) - 10 });
  const longNames = random.chance(0.2);
  const long = longNames ? 'a-name-that-is-longer-than-the-thirty-one-characters' : 'z';
  const others = [
    { name: 'depth.Z', type: 'float' },
    { name: 'id', type: 'uint' },
    { name: 'motion.X', type: 'half' },
    { name: `${long}.N`, type: 'half' },
  ] as const;
  const picture: ModelChannel[] = kind.planes.map((plane) => ({
    name: `${prefix}${plane}`,
    type: random.pick(['half', 'half', 'half', 'float', 'uint'] as const),
    ...{ stepX: 1, stepY: 1 },
  }));
  // One alone is a picture only where nothing else has its layer.
  const beside =
    kind.planes[0] === 'G' && kind.planes.length === 1 && prefix === ''
      ? others.filter(({ name }) => name !== 'id')
      : others;
  const extra = beside.filter(() => random.chance(0.3)).map((one) => ({ ...one, stepX: 1, stepY: 1 }));
  const chroma = kind.planes[0] === 'Y' && prefix === '' && random.chance(0.5);
  const first = randomPart(random, {
    display,
    name: multiPart ? 'main' : '',
    channels: [...picture, ...extra],
    subsampled: chroma ? ['BY', 'RY'] : [],
  });
  const parts = [first];
  if (multiPart) {
    for (let k = random.int(3); k >= 0; k--) {
      const channels = [{ name: 'N', type: random.pick(['half', 'uint'] as const), stepX: 1, stepY: 1 }];
      parts.push(randomPart(random, { display, name: `other${k}`, channels, subsampled: [] }));
    }
  }
  const order = random.shuffled(parts);
  return {
    model: { parts: order, multiPart, longNames },
    layer: random.chance(0.3) && (multiPart || prefix !== '') ? layerName(multiPart, prefix, random) : undefined,
    part: order.indexOf(first),
    planes: kind.planes.slice(0, kind.pixelFormat === 'grayf32le' ? 1 : 4).map((plane) => `${prefix}${plane}`),
    pixelFormat: kind.pixelFormat,
  };
}

function layerName(multiPart: boolean, prefix: string, random: Random): string {
  const layer = prefix.slice(0, -1);
  if (!multiPart) return layer;
  return layer === '' ? 'main' : random.pick([layer, `main.${layer}`]);
}

function randomPart(
  random: Random,
  of: {
    readonly display: ModelWindow;
    readonly name: string;
    readonly channels: readonly ModelChannel[];
    readonly subsampled: readonly string[];
  },
): ModelPart {
  const data = random.chance(0.3)
    ? of.display
    : randomWindow(random, 20, {
        left: of.display.left + random.int(14) - 7,
        top: of.display.top + random.int(14) - 7,
      });
  const tiled = of.subsampled.length === 0 && random.chance(0.3);
  const tiles = tiled
    ? { width: 1 + random.int(9), height: 1 + random.int(9), mode: random.int(3), up: random.chance(0.5) }
    : null;
  const subsampled = of.subsampled.map((name): ModelChannel => ({ name, type: 'half', stepX: 2, stepY: 2 }));
  // OpenEXR wants the windows of subsampled pictures on whole samples.
  const even = (window: ModelWindow): ModelWindow => {
    const left = window.left & ~1;
    const top = window.top & ~1;
    const [width, height] = sizeOf(window);
    return { left, top, right: left + (width | 1), bottom: top + (height | 1) };
  };
  const channels = [...of.channels, ...subsampled].sort((a, b) => (a.name < b.name ? -1 : 1));
  const part = {
    name: of.name,
    compression: random.pick(COMPRESSIONS),
    lineOrder: random.int(tiled ? 3 : 2),
    data: subsampled.length > 0 ? even(data) : data,
    display: of.display,
    tiles,
    channels,
    attributes: randomAttributes(random),
  };
  return { ...part, samples: randomSamples(part, random) };
}

function randomWindow(random: Random, most: number, { left, top }: Pick<ModelWindow, 'left' | 'top'>): ModelWindow {
  return { left, top, right: left + random.int(most), bottom: top + random.int(most) };
}

/** Attributes that the standard knows and that nobody does. */
export function randomAttributes(random: Random): ModelPart['attributes'] {
  const primaries = [0.7347, 0.2653, 0, 1, 0.0001, -0.077, 0.32168, 0.33767].map((value) => {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    return bytes;
  });
  return [
    { name: 'comments', type: 'string', value: Buffer.from('reel 3, scene 12') },
    { name: 'chromaticities', type: 'chromaticities', value: Buffer.concat(primaries) },
    { name: 'odd', type: 'a type of ours', value: Buffer.from([0, 1, 2, 0, 255]) },
    { name: 'empty', type: 'string', value: Buffer.alloc(0) },
    { name: 'preview', type: 'preview', value: Buffer.from([1, 0, 0, 0, 1, 0, 0, 0, 9, 9, 9, 255]) },
    { name: 'timeCode', type: 'timecode', value: Buffer.from([1, 2, 3, 4, 0, 0, 0, 0]) },
  ].filter(() => random.chance(0.4));
}
