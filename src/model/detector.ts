import type { Detector, RgbPicture } from '../face/networks.ts';
import type { Detection } from '../face/observation.ts';
import { decoderOf, expectTask, pictureOf } from './contract.ts';
import { detectionTiles, type Tile } from './detection-tiles.ts';
import type { PullOptions } from './keep-network.ts';
import type { ModelLibrary } from './library.ts';
import { showEach } from './picture-batches.ts';
import { resample, sideOf } from './resample.ts';
import { type ModelSession, openSession, type SessionOptions } from './session.ts';
import { shareInSmaller, suppressAcrossTiles } from './weighted-suppression.ts';

export type NetworkOptions = SessionOptions & PullOptions;

/** An open network: disposing it frees its memory. `device` is where it actually runs. */
export type Opened<Network> = Network & AsyncDisposable & Pick<ModelSession, 'device'>;

/** Share of the smaller box inside the larger, from which two tiles show the same face. */
const SAME_FACE = 0.5;

/** Greatest reach of a box over a tile's inner edge, in its own widths. Beyond it another tile shows the whole face. */
const OVERHANG = 0.1;

/** Opens the detector `id`, fetching its weights where the cache lacks them. @throws ModelError, ContractError, DeviceError. */
export async function openDetector(
  library: ModelLibrary,
  id: string,
  options: NetworkOptions = {},
): Promise<Opened<Detector>> {
  const contract = expectTask(await library.contract(id), 'detect');
  const session = await openSession(await library.pull(id, options), contract, options);
  const input = pictureOf(contract);
  const side = sideOf(input);
  const decoder = decoderOf(contract);
  const shown = showEach(contract, session);
  return {
    id: contract.id,
    device: session.device,
    threshold: contract.threshold,
    async detect(picture, { smallestFace, threshold }) {
      const tiles = detectionTiles(picture.width, picture.height, smallestFace, side);
      const inputOf = ({ x, y, side: wide }: Tile) =>
        resample(picture, { a: wide / side, b: 0, tx: x, ty: y }, input, 'black');
      const found: Detection[] = [];
      const closeUps: Detection[] = [];
      for await (const [tile, outputs] of shown(tiles, inputOf)) {
        const seen = decoder
          .decode(outputs, contract.decoder, side, threshold)
          .map((face) => onPicture(face, tile.side / side, tile))
          .filter((face) => face.box[2] >= tile.smallest && isWholeIn(face, tile, picture));
        (tile.smallest > 0 ? closeUps : found).push(...seen);
      }
      const faces = suppressAcrossTiles(found, SAME_FACE);
      // The run at full size gives the better box, where it finds the face.
      const others = closeUps.filter(
        (face) => !faces.some((known) => shareInSmaller(known.box, face.box) >= SAME_FACE),
      );
      return { detections: [...faces, ...others].sort((p, q) => q.score - p.score), runs: tiles.length };
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

function onPicture({ score, box, five }: Detection, scale: number, tile: Tile): Detection {
  const [x, y, width, height] = box;
  return {
    score,
    box: [tile.x + x * scale, tile.y + y * scale, width * scale, height * scale],
    five: five.map((v, k) => (k % 2 === 0 ? tile.x : tile.y) + v * scale),
  };
}

/** False where the face is cut by an edge of the tile that is not an edge of the picture: another tile sees it whole. */
function isWholeIn({ box: [x, y, width, height] }: Detection, tile: Tile, picture: RgbPicture): boolean {
  const spare = OVERHANG * width;
  return (
    (tile.x <= 0 || x >= tile.x - spare) &&
    (tile.y <= 0 || y >= tile.y - spare) &&
    (tile.x + tile.side >= picture.width || x + width <= tile.x + tile.side + spare) &&
    (tile.y + tile.side >= picture.height || y + height <= tile.y + tile.side + spare)
  );
}
