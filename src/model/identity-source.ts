import { weightedMean } from '../face/embedding.ts';
import { type FivePoints, fivePoints } from '../face/landmarks.ts';
import type { IdentityStill, RgbPicture } from '../face/networks.ts';
import { observationQuality } from '../face/pose.ts';
import { clamp } from '../film/interpolate.ts';
import { type ContractOf, pictureNamed } from './contract.ts';
import type { NetworkOptions } from './detector.ts';
import { type IdentityVector, openIdentityVector } from './identity-vector.ts';
import type { ModelLibrary } from './library.ts';
import type { PicturePort } from './port.ts';
import { openRecogniser } from './recogniser.ts';
import { resample, sideOf } from './resample.ts';
import { squareOnFace } from './template.ts';

/** What a swapper's network is told of a person, from stills of them: the tensor of its source. */
export type IdentitySource = (stills: readonly IdentityStill[]) => Promise<Float32Array>;

/**
 * How the person who is put in is told to the network at `path`: by the still of the best quality, or by the mean, by quality, of what a
 * recogniser says of all stills. Networks that are asked for it are open no longer than that takes.
 *
 * @throws ModelError where such a network is not there, ContractError where it does not fit
 */
export async function openIdentitySource(
  library: ModelLibrary,
  contract: ContractOf<'swap'>,
  path: string,
  options: NetworkOptions,
): Promise<IdentitySource> {
  const { source } = contract.decoder;
  if (source.from === 'picture') return byPicture(contract, pictureNamed(contract, source.input));
  const { recogniser, ...through } = await openIdentityVector(library, contract, path, options);
  return byVector(library, recogniser, through, options);
}

function byPicture(contract: ContractOf<'swap'>, port: PicturePort): IdentitySource {
  const template = port.template ?? contract.template;
  const side = sideOf(port);
  return async (stills) => {
    const shown = stills.map(shownStill);
    const best = shown.reduce((a, b) => (b.quality > a.quality ? b : a), shown[0] as ShownStill);
    const onFace = squareOnFace(template, side, best.five);
    return resample(best.picture, onFace, port, 'repeat');
  };
}

function byVector(
  library: ModelLibrary,
  recogniser: string,
  { told }: Pick<IdentityVector, 'told'>,
  options: NetworkOptions,
): IdentitySource {
  /** What is known of stills, by their samples: many tracks show one person. */
  const known = new WeakMap<Float32Array, { readonly vector: Float32Array; readonly quality: number }>();
  const look = async (stills: readonly IdentityStill[]) => {
    if (stills.length === 0) return;
    await using network = await openRecogniser(library, recogniser, options);
    for (const still of stills) {
      const { picture, five, quality } = shownStill(still);
      known.set(still.rgb, { vector: await network.vector(picture, five), quality });
    }
  };
  return async (stills) => {
    await look(stills.filter(({ rgb }) => !known.has(rgb)));
    const seen = stills.flatMap(({ rgb }) => known.get(rgb) ?? []);
    const mean = weightedMean(
      seen.map(({ vector }) => vector),
      seen.map(({ quality }) => quality),
    );
    return told(mean);
  };
}

/** A still as recognisers take pictures, and how well it shows its face. */
interface ShownStill {
  readonly picture: RgbPicture;
  readonly five: FivePoints;
  /** See `observationQuality`. */
  readonly quality: number;
}

function shownStill({ size, rgb, landmarks }: IdentityStill): ShownStill {
  const area = size * size;
  const bytes = Uint8Array.from({ length: 3 * area }, (_, i) =>
    Math.round(255 * clamp(rgb[(i % 3) * area + Math.floor(i / 3)] as number, 0, 1)),
  );
  const picture = { width: size, height: size, rgb: bytes };
  return { picture, five: fivePoints(landmarks), quality: observationQuality(picture, landmarks) };
}
