import { boxOf, type FaceMesh, MESH, type MeshTriangle, meshTriangle } from '../../../face/mesh.ts';
import { applyX, applyY } from '../../../face/similarity.ts';

/** Side of the tiles for which the triangles that may cover them are listed, pixels: a workgroup's. */
export const TILE = 16;
/** Numbers that say what is linear in a triangle: depth, x and y at its first corner, and what each gains a pixel to the right and down. */
export const PLANE_NUMBERS = 9;
export const TRIANGLES = MESH.length / 3;
/** Corners of every triangle, by number. */
export const CORNERS = Uint32Array.from(MESH);

/** A triangle of a mesh that is seen in a patch. */
interface SeenTriangle {
  readonly number: number;
  readonly triangle: MeshTriangle;
  /** Tiles that it may cover, the last included. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What a dispatch is handed over to draw meshes. */
interface MeshArrays {
  /** x and y of every point of each mesh, pixels of the patch. */
  readonly places: Float32Array;
  /** `PLANE_NUMBERS` numbers of every triangle of each mesh, x and y beyond the mesh's similarity. */
  readonly planes: Float32Array;
  /** Where each tile's triangles begin in `listed`, tile by tile of each mesh, and where the last end. */
  readonly starts: Uint32Array;
  readonly listed: Uint32Array;
}

export function meshArrays(meshes: readonly FaceMesh[], size: number): MeshArrays {
  const seen = meshes.map((mesh) => seenTriangles(mesh, size));
  return { places: placesOf(meshes), planes: planesOf(meshes, seen), ...tileLists(seen, Math.ceil(size / TILE)) };
}

function placesOf(meshes: readonly FaceMesh[]): Float32Array {
  const count = meshes[0].points.length / 3;
  const places = new Float32Array(2 * count * meshes.length);
  meshes.forEach(({ points }, m) => {
    for (let i = 0, o = 2 * m * count; i < points.length; i += 3, o += 2) {
      places[o] = points[i];
      places[o + 1] = points[i + 1];
    }
  });
  return places;
}

function seenTriangles(mesh: FaceMesh, size: number): SeenTriangle[] {
  const seen: SeenTriangle[] = [];
  for (let number = 0; number < TRIANGLES; number++) {
    const triangle = meshTriangle(mesh, 3 * number);
    if (!triangle) continue;
    const { left, right, top, bottom } = boxOf(triangle, size);
    // What the device rounds to the other side of an edge lies in the next pixel at most.
    const [first, last] = [(i: number) => Math.max(0, i - 1), (i: number) => Math.min(size - 1, i + 1)];
    if (last(right) < first(left) || last(bottom) < first(top)) continue;
    seen.push({
      number,
      triangle,
      left: Math.floor(first(left) / TILE),
      right: Math.floor(last(right) / TILE),
      top: Math.floor(first(top) / TILE),
      bottom: Math.floor(last(bottom) / TILE),
    });
  }
  return seen;
}

function planesOf(meshes: readonly FaceMesh[], seen: readonly SeenTriangle[][]): Float32Array {
  const planes = new Float32Array(PLANE_NUMBERS * TRIANGLES * meshes.length);
  meshes.forEach(({ toSource }, m) => {
    const { a, b } = toSource;
    for (const { number, triangle } of seen[m]) {
      const { ax, ay, ux, uy, x, y, z, depth } = triangle;
      const o = PLANE_NUMBERS * (m * TRIANGLES + number);
      planes[o] = depth;
      planes[o + 1] = z[0];
      planes[o + 2] = z[1];
      planes[o + 3] = ux - applyX(toSource, ax, ay);
      planes[o + 4] = x[0] - a;
      planes[o + 5] = x[1] + b;
      planes[o + 6] = uy - applyY(toSource, ax, ay);
      planes[o + 7] = y[0] - b;
      planes[o + 8] = y[1] - a;
    }
  });
  return planes;
}

/** Triangles of each tile in the order in which they are drawn. */
function tileLists(seen: readonly SeenTriangle[][], tiles: number): Pick<MeshArrays, 'starts' | 'listed'> {
  const starts = new Uint32Array(seen.length * tiles * tiles + 1);
  const eachTile = (use: (tile: number, number: number) => void) => {
    seen.forEach((triangles, m) => {
      for (const { number, left, right, top, bottom } of triangles) {
        for (let j = top; j <= bottom; j++) {
          for (let i = left; i <= right; i++) use((m * tiles + j) * tiles + i, number);
        }
      }
    });
  };
  eachTile((tile) => {
    starts[tile + 1] += 1;
  });
  for (let tile = 1; tile < starts.length; tile++) starts[tile] += starts[tile - 1];
  const listed = new Uint32Array(Math.max(1, starts[starts.length - 1]));
  const next = starts.slice();
  eachTile((tile, number) => {
    listed[next[tile]] = number;
    next[tile] += 1;
  });
  return { starts, listed };
}
