import type { Random } from '../random.ts';
import type { DrawnPage, DrawnTiff } from './tiff-writer.ts';

/** A valid TIFF of random form, and its picture, which is page `page`. */
export interface RandomTiff {
  readonly tiff: DrawnTiff;
  readonly page: number;
  readonly title: string;
}

/** @param size of the picture; drawn where absent */
export function randomTiff(random: Random, size?: { readonly width: number; readonly height: number }): RandomTiff {
  const width = size?.width ?? 1 + random.int(40);
  const height = size?.height ?? 1 + random.int(30);
  const picture = randomPage(random, width, height);
  const smaller = () => ({
    ...randomPage(random, Math.max(1, width >> 1), Math.max(1, height >> 1)),
    ...(random.chance(0.5) || width * height === 1 ? { subfile: 1 } : {}),
  });
  const before = random.chance(0.2) ? [smaller()] : [];
  const after = random.chance(0.2) ? [smaller()] : [];
  const pages = [...before, { ...picture, subfile: random.pick([undefined, 0]) }, ...after];
  const tiff = {
    bigEndian: random.chance(0.5),
    big: random.chance(0.3),
    directoriesFirst: random.chance(0.5),
    pages,
  };
  const { bits, samples, planar, compression, predictor, cut } = picture;
  const form = [
    `${width}×${height}`,
    `${bits} bits`,
    `${samples} samples`,
    planar ? 'planar' : 'packed',
    compression,
    predictor,
  ];
  return {
    tiff,
    page: before.length,
    title: `${form.join(' ')} ${JSON.stringify(cut)} ${tiff.big ? 'big' : 'classic'}`,
  };
}

function randomPage(random: Random, width: number, height: number): DrawnPage {
  const bits = random.pick([8, 8, 16, 16, 10, 12, 12, 14]);
  const photometric = random.pick([0, 1, 2, 2, 2]);
  const samples = photometric === 2 ? random.pick([3, 3, 4, 5]) : random.pick([1, 1, 2]);
  const compression = random.pick([1, 1, 5, 8, 32773, 32946] as const);
  const noise = random.int(2 ** 30);
  return {
    ...{ width, height, bits, samples, photometric, compression },
    planar: samples > 1 && random.chance(0.4),
    predictor: bits % 8 === 0 && compression !== 1 && random.chance(0.5) ? 2 : 1,
    fillOrder: random.chance(0.1) ? 2 : 1,
    orientation: random.pick([undefined, 1, 2, 3, 4, 5, 6, 7, 8, 0, 9]),
    cut: random.chance(0.4)
      ? { tile: [16 * (1 + random.int(2)), 16 * (1 + random.int(2))] }
      : { rows: random.pick([1, 2, 3, 7, height, height + 5, 0xffffffff, 0]) },
    shortPlaces: random.chance(0.2),
    value: (x, y, c) => (Math.imul(noise ^ (x * 7919 + y * 104_729 + c * 15_485_863), 2_654_435_761) >>> 7) % 2 ** bits,
  };
}
