/** Interleaved float samples. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** channels·width·height. */
  readonly data: Float32Array;
}

/** Lobes of the Lanczos kernel. */
const LOBES = 3;

/** The raster at another size, by Lanczos windowed sinc of three lobes, widened when shrinking; edges are repeated. */
export function resampled(source: Raster, width: number, height: number): Raster {
  const across = pass(source, width, true);
  return pass(across, height, false);
}

function pass(source: Raster, size: number, horizontal: boolean): Raster {
  const { width, height, channels, data } = source;
  const length = horizontal ? width : height;
  const lines = horizontal ? height : width;
  const stride = horizontal ? channels : channels * width;
  const lineStride = horizontal ? channels * width : channels;
  const out = horizontal ? { width: size, height } : { width, height: size };
  const outStride = horizontal ? channels : channels * width;
  const outLineStride = horizontal ? channels * size : channels;
  const result = new Float32Array(channels * out.width * out.height);

  const shrink = Math.max(1, length / size);
  const reach = LOBES * shrink;
  const taps = Math.ceil(2 * reach) + 1;
  const weights = new Float64Array(taps);
  const offsets = new Int32Array(taps);
  for (let i = 0; i < size; i++) {
    const centre = ((i + 0.5) * length) / size - 0.5;
    const first = Math.ceil(centre - reach);
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const weight = lanczos((first + k - centre) / shrink);
      weights[k] = weight;
      offsets[k] = stride * Math.min(length - 1, Math.max(0, first + k));
      sum += weight;
    }
    for (let line = 0; line < lines; line++) {
      const from = line * lineStride;
      const to = line * outLineStride + i * outStride;
      for (let c = 0; c < channels; c++) {
        let value = 0;
        for (let k = 0; k < taps; k++) {
          value += (weights[k] as number) * (data[from + (offsets[k] as number) + c] as number);
        }
        result[to + c] = value / sum;
      }
    }
  }
  return { ...out, channels, data: result };
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const t = Math.PI * x;
  return (LOBES * Math.sin(t) * Math.sin(t / LOBES)) / (t * t);
}
