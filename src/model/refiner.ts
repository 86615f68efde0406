import { bendMesh } from '../face/bend-mesh.ts';
import { cropOfLandmarks } from '../face/crop.ts';
import type { Refiner } from '../face/networks.ts';
import { applyX, applyY, type Similarity } from '../face/similarity.ts';
import { type ContractOf, expectTask } from './contract.ts';
import { ContractError } from './contract-error.ts';
import type { Opened, OpenOptions } from './detector.ts';
import { cropFace } from './face-crop.ts';
import { decodeMesh } from './landmarker.ts';
import type { ModelLibrary } from './library.ts';
import { sideOf } from './resample.ts';
import { openSession } from './session.ts';

type FacePoints = Extract<ContractOf<'landmark'>['decoder'], { kind: 'face-points' }>;

/** Milliseconds from which a run of a landmarker costs more than following a face between two of them. */
const HEAVY_COST = 15;

/** True for a landmarker that should look now and then, and correct a light one that looks all the time. */
export function isHeavy({ cost, decoder }: ContractOf<'landmark'>): boolean {
  return cost > HEAVY_COST || decoder.kind === 'face-points';
}

/**
 * Opens the landmarker `id` to correct the answers of a lighter one, fetching its weights where the cache lacks them.
 *
 * @throws ModelError, ContractError, DeviceError.
 */
export async function openRefiner(
  library: ModelLibrary,
  id: string,
  options: OpenOptions = {},
): Promise<Opened<Refiner>> {
  const contract = expectTask(await library.contract(id), 'landmark');
  const { decoder } = contract;
  if (decoder.kind === 'face-points') checkPoints(contract, decoder);
  const session = await openSession(await library.pull(id, options), contract, options);
  return {
    id: contract.id,
    device: session.device,
    async refine(picture, landmarks) {
      const { input, toPicture } = cropFace(picture, cropOfLandmarks(landmarks), contract);
      const outputs = await session.run(input);
      if (decoder.kind === 'face-mesh') return decodeMesh(outputs, decoder, toPicture);
      const { indices, places } = decodePoints(outputs, decoder, sideOf(contract.input), toPicture);
      return { landmarks: bendMesh(landmarks, indices, places), presence: confidenceOf(outputs, decoder) };
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** The points that are landmarks of the mesh: their numbers, and where they lie in the picture. */
function decodePoints(
  outputs: ReadonlyMap<string, Float32Array>,
  { points, range, mesh }: FacePoints,
  side: number,
  toPicture: Similarity,
): { readonly indices: number[]; readonly places: number[] } {
  const numbers = outputs.get(points) as Float32Array;
  const stride = numbers.length / mesh.length;
  const scale = side / (range[1] - range[0]);
  const indices: number[] = [];
  const places: number[] = [];
  mesh.forEach((index, k) => {
    if (index === null) return;
    const x = ((numbers[k * stride] as number) - range[0]) * scale;
    const y = ((numbers[k * stride + 1] as number) - range[0]) * scale;
    indices.push(index);
    places.push(applyX(toPicture, x, y), applyY(toPicture, x, y));
  });
  return { indices, places };
}

function confidenceOf(outputs: ReadonlyMap<string, Float32Array>, { confidence, mesh }: FacePoints): number {
  if (!confidence) return 1;
  const numbers = outputs.get(confidence.output) as Float32Array;
  const each = numbers.length / mesh.length;
  const greatest = mesh.map((_, k) => numbers.subarray(k * each, (k + 1) * each).reduce((a, b) => Math.max(a, b)));
  return Math.min(1, Math.max(0, greatest.reduce((sum, v) => sum + v, 0) / mesh.length / confidence.full));
}

function checkPoints(contract: ContractOf<'landmark'>, { points, mesh, confidence }: FacePoints): void {
  const elements = (name: string) =>
    contract.outputs.find((port) => port.name === name)?.shape.reduce((n, dim) => n * dim, 1) ?? 0;
  for (const [name, least] of [[points, 2] as const, ...(confidence ? [[confidence.output, 1] as const] : [])]) {
    const each = elements(name) / mesh.length;
    if (Number.isInteger(each) && each >= least) continue;
    throw new ContractError(
      contract.id,
      `Model "${contract.id}": output "${name}" has ${elements(name)} numbers, which are not ${least} or more for each of the ${mesh.length} points of "mesh". Correct the contract.`,
    );
  }
}
