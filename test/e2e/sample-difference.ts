import { decoded } from './decoded.ts';

/** How two outputs of one reel differ. */
export interface SampleDifference {
  readonly samples: number;
  readonly different: number;
  /** Codes by which samples differ at most. */
  readonly most: number;
}

/** Compares two outputs of one length, 10-bit RGB. */
export async function sampleDifference(a: string, b: string): Promise<SampleDifference> {
  let [samples, different, most] = [0, 0, 0];
  const others = decoded(b, 'gbrp10le');
  for await (const { bytes } of decoded(a, 'gbrp10le')) {
    const other = (await others.next()).value;
    if (!other) throw new Error('One of the outputs is shorter.');
    const [one, two] = [bytes, other.bytes].map((of) => new Uint16Array(of.buffer, of.byteOffset, of.length / 2));
    for (const [i, sample] of (one as Uint16Array).entries()) {
      const apart = Math.abs(sample - ((two as Uint16Array)[i] as number));
      samples += 1;
      if (apart > 0) different += 1;
      most = Math.max(most, apart);
    }
  }
  return { samples, different, most };
}
