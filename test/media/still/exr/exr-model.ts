import type { Random } from '../random.ts';

/** An EXR file as a test wants it: what the header says, and every sample as the bits that are stored. */
export interface ModelFile {
  readonly parts: readonly ModelPart[];
  readonly multiPart: boolean;
  readonly longNames: boolean;
}

export interface ModelPart {
  readonly name: string;
  readonly compression: number;
  readonly lineOrder: number;
  readonly data: ModelWindow;
  readonly display: ModelWindow;
  readonly tiles: {
    readonly width: number;
    readonly height: number;
    readonly mode: number;
    readonly up: boolean;
  } | null;
  readonly channels: readonly ModelChannel[];
  readonly attributes: readonly { readonly name: string; readonly type: string; readonly value: Buffer }[];
  /** By level and channel, the samples' bits, line by line. */
  readonly samples: readonly (readonly Uint32Array[])[];
}

/** Edges are inclusive, as in the file. */
export interface ModelWindow {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface ModelChannel {
  readonly name: string;
  readonly type: 'uint' | 'half' | 'float';
  readonly stepX: number;
  readonly stepY: number;
}

/** One chunk of a part: which level, and which pixels, edges inclusive. */
export interface ModelChunk {
  readonly level: number;
  readonly key: readonly number[];
  readonly window: ModelWindow;
}

const LINES = [1, 1, 1, 16, 32, 16, 32, 32, 32, 256];

/** The levels of a part: how often each is halved, and its size. */
export function levelsOf({ data, tiles }: Pick<ModelPart, 'data' | 'tiles'>) {
  const [width, height] = sizeOf(data);
  const halved = (side: number, times: number) => {
    let left = side;
    for (let k = 0; k < times; k++) left = left / 2;
    return Math.max(1, tiles?.up ? Math.ceil(left) : Math.floor(left));
  };
  const count = (side: number): number =>
    side === 1 ? 1 : 1 + count(tiles?.up ? Math.ceil(side / 2) : Math.floor(side / 2));
  const level = (x: number, y: number) => ({ x, y, width: halved(width, x), height: halved(height, y) });
  if (!tiles || tiles.mode === 0) return [level(0, 0)];
  if (tiles.mode === 1) return Array.from({ length: count(Math.max(width, height)) }, (_, k) => level(k, k));
  return Array.from({ length: count(height) }, (_, y) =>
    Array.from({ length: count(width) }, (_, x) => level(x, y)),
  ).flat();
}

/** The chunks of a part in the order of its table. */
export function chunksOfModel(part: ModelPart): ModelChunk[] {
  const { data, tiles, compression } = part;
  return levelsOf(part).flatMap((size, level) => {
    const across = tiles?.width ?? size.width;
    const down = tiles?.height ?? (LINES[compression] as number);
    const chunks: ModelChunk[] = [];
    for (let row = 0; row * down < size.height; row++) {
      for (let column = 0; column * across < size.width; column++) {
        const left = data.left + column * across;
        const top = data.top + row * down;
        chunks.push({
          level,
          key: tiles ? [column, row, size.x, size.y] : [top],
          window: {
            left,
            top,
            right: Math.min(left + across, data.left + size.width) - 1,
            bottom: Math.min(top + down, data.top + size.height) - 1,
          },
        });
      }
    }
    return chunks;
  });
}

/** The lines of a chunk before they are packed. */
export function linesOf(part: ModelPart, { level, window }: ModelChunk): Buffer {
  const bytes: number[] = [];
  const size = levelsOf(part)[level] as { width: number };
  for (let y = window.top; y <= window.bottom; y++) {
    part.channels.forEach((channel, c) => {
      if (y % channel.stepY !== 0) return;
      const samples = part.samples[level]?.[c] as Uint32Array;
      for (let x = window.left; x <= window.right; x++) {
        if (x % channel.stepX !== 0) continue;
        const bits = samples[(y - part.data.top) * size.width + x - part.data.left] as number;
        bytes.push(bits & 255, (bits >>> 8) & 255);
        if (channel.type !== 'half') bytes.push((bits >>> 16) & 255, bits >>> 24);
      }
    });
  }
  return Buffer.from(bytes);
}

export function sizeOf({ left, top, right, bottom }: ModelWindow): [width: number, height: number] {
  return [right - left + 1, bottom - top + 1];
}

/** Random bits of every sample; of subsampled channels those between are there and are not stored. */
export function randomSamples(part: Omit<ModelPart, 'samples'>, random: Random): Uint32Array[][] {
  return levelsOf(part).map(({ width, height }) =>
    part.channels.map(({ type }) =>
      Uint32Array.from({ length: width * height }, () => {
        // Values that packing shortens, and now and then any bits, such as those of no number.
        if (random.chance(0.02)) return type === 'half' ? random.int(65536) : random.int(2 ** 24) * 256;
        const value = random.int(8) / 8;
        return type === 'uint' ? random.int(8) : type === 'half' ? halfBits(value) : floatBits(value);
      }),
    ),
  );
}

/** The value of stored bits as a float. */
export function floatOf(type: ModelChannel['type'], bits: number): number {
  if (type === 'uint') return Math.fround(bits / 4294967295);
  const view = new DataView(new ArrayBuffer(4));
  if (type === 'float') {
    view.setUint32(0, bits);
    return view.getFloat32(0);
  }
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent ? sign * (1024 + fraction) * 2 ** (exponent - 25) : sign * fraction * 2 ** -24;
}

export function floatBits(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getUint32(0);
}

/** Of 0 and numbers from 2⁻¹⁴ to 2 that a half holds. */
export function halfBits(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(value));
  return ((exponent + 15) << 10) | Math.round((value / 2 ** exponent - 1) * 1024);
}
