import { fivePoints, interOcular, type Landmarks } from './landmarks.ts';
import { applyX, applyY, fitSimilarity } from './similarity.ts';
import { applyThinPlate, fitThinPlate } from './thin-plate.ts';

/** Points far around the face where the bend has faded into the similarity that both shapes share, and their distance, inter-ocular distances. */
const PINS = 12;
const PIN_DISTANCE = 2.6;

/**
 * The mesh with some of its landmarks moved to given places; all others go as a thin plate bends between and around them. Depths
 * grow with the face.
 *
 * @param indices numbers of the landmarks that are placed; three at least, not on a line
 * @param places where they go, x0, y0, x1 …
 */
export function bendMesh(mesh: Landmarks, indices: readonly number[], places: readonly number[]): Landmarks {
  const from = indices.flatMap((i) => [mesh[3 * i], mesh[3 * i + 1]]);
  const to = [...places];
  const common = fitSimilarity(from, to);
  const five = fivePoints(mesh);
  const size = interOcular(five);
  for (let k = 0; k < PINS; k++) {
    const angle = (2 * Math.PI * k) / PINS;
    const x = five[4] + PIN_DISTANCE * size * Math.cos(angle);
    const y = five[5] + PIN_DISTANCE * size * Math.sin(angle);
    from.push(x, y);
    to.push(applyX(common, x, y), applyY(common, x, y));
  }
  const plate = fitThinPlate(from, to, size);
  const scale = Math.hypot(common.a, common.b);
  const bent = new Float32Array(mesh.length);
  for (let i = 0; i + 2 < mesh.length; i += 3) {
    applyThinPlate(plate, mesh[i], mesh[i + 1], bent, i);
    bent[i + 2] = mesh[i + 2] * scale;
  }
  return bent;
}
