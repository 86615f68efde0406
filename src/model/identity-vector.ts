import { constantData, readOnnx } from '../convert/onnx-file.ts';
import { openFileBytes } from '../disk/file-bytes.ts';
import { normalised } from '../face/embedding.ts';
import { type Contract, type ContractOf, expectTask } from './contract.ts';
import { ContractError } from './contract-error.ts';
import type { NetworkOptions } from './detector.ts';
import type { ModelLibrary } from './library.ts';
import { neededContract } from './needed-networks.ts';
import { openSession } from './session.ts';

/** How a recogniser's vector becomes what a swapper's network is fed. */
export interface IdentityVector {
  /** Id of the recogniser. */
  readonly recogniser: string;
  /** What is fed, from the recogniser's vector as its network gives it. */
  told(vector: Float32Array): Promise<Float32Array>;
}

/** A vector's way through a network or a matrix, and how long it is before and behind it. */
interface Way {
  readonly from: number;
  readonly to: number;
  readonly turned: (vector: Float32Array) => Promise<Float32Array>;
}

/**
 * Opens what the contract of a swapper says of its source.
 *
 * A vector that is to be of length 1 is brought to it last, behind a matrix, as InsightFace's own inswapper.py does. FaceFusion divides by the length before the
 * matrix and leaves what comes out as long as it is; the direction is the same.
 *
 * @param path of the swapper's own file
 * @throws ModelError for a network that is not there, ContractError where lengths or tasks do not fit
 */
export async function openIdentityVector(
  library: ModelLibrary,
  contract: ContractOf<'swap'>,
  path: string,
  options: NetworkOptions,
): Promise<IdentityVector> {
  const { source } = contract.decoder;
  if (source.from !== 'embedding') throw new TypeError('Unreachable: the contract was checked to have a vector.');
  const recogniser = expectTask(await neededContract(library, contract, source.recogniser), 'recognise');
  const given = lastSize(recogniser.outputs.find(({ name }) => name === recogniser.decoder.output));
  const fed = lastSize(contract.inputs.find(({ name }) => name === source.input));
  const { from, to, turned } = await wayOf(library, contract, path, { given, options });
  if (given !== from || fed !== to) {
    throw new ContractError(
      contract.id,
      `Model "${contract.id}" is fed vectors of ${to} numbers, made of ${from}, by its file and contract, but the recogniser "${recogniser.id}" gives ${given} and its input "${source.input}" takes ${fed}. Name the recogniser that it was trained with in the contract.`,
    );
  }
  return {
    recogniser: source.recogniser,
    async told(vector) {
      const told = await turned(vector);
      return source.length === 'one' ? normalised(told) : told;
    },
  };
}

/** @param given length of the recogniser's vector */
async function wayOf(
  library: ModelLibrary,
  contract: ContractOf<'swap'>,
  path: string,
  { given, options }: { readonly given: number; readonly options: NetworkOptions },
): Promise<Way> {
  const { source } = contract.decoder;
  const through = source.from === 'embedding' ? source.through : undefined;
  if (!through) return { from: given, to: given, turned: async (vector) => vector };
  if (through.kind === 'last-initializer') {
    const { rows, columns, data } = lastConstant(contract, path);
    return { from: rows, to: columns, turned: async (vector) => product(vector, data, columns) };
  }
  const translator = expectTask(await neededContract(library, contract, through.id), 'translate');
  const { input, output } = translator.decoder;
  return {
    from: lastSize(translator.inputs.find(({ name }) => name === input)),
    to: lastSize(translator.outputs.find(({ name }) => name === output)),
    async turned(vector) {
      await using session = await openSession(await library.pull(through.id, options), translator, options);
      const outputs = await session.run({ [input]: { data: vector, shape: [1, vector.length] } });
      return outputs.get(output) as Float32Array;
    },
  };
}

/** The matrix that is the last constant of a network's file, in rows. */
function lastConstant({ id }: Contract, path: string) {
  using source = openFileBytes(path);
  const tensor = readOnnx(source).constants.at(-1);
  if (tensor?.dims.length !== 2) {
    const got = tensor ? `"${tensor.name}" of the shape [${tensor.dims.join(', ')}]` : 'nothing';
    throw new ContractError(
      id,
      `Model "${id}": the last constant of its file should be the matrix that turns a recogniser's vector, but is ${got}. A tool that wrote the file anew may have moved or dropped it: use the file as it was published.`,
    );
  }
  const [rows, columns] = tensor.dims as [number, number];
  return { rows, columns, data: constantData(source, tensor) };
}

/** A row times a matrix in rows. */
function product(row: Float32Array, matrix: Float32Array, columns: number): Float32Array {
  const sums = new Float64Array(columns);
  for (let i = 0; i < row.length; i++) {
    const v = row[i] as number;
    for (let j = 0; j < columns; j++) sums[j] = (sums[j] as number) + v * (matrix[i * columns + j] as number);
  }
  return Float32Array.from(sums);
}

function lastSize(port: { readonly shape: readonly number[] } | undefined): number {
  return port?.shape.at(-1) ?? 0;
}
