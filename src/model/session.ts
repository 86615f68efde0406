import * as ort from 'onnxruntime-node';
import { elementsOf } from '../convert/dense-tensor.ts';
import type { Contract } from './contract.ts';
import { portError } from './contract-error.ts';
import type { Outputs } from './decoder.ts';
import { DeviceError } from './device-error.ts';
import { floatsOf, tensorOf } from './elements.ts';
import { ModelError } from './model-error.ts';
import { PROVIDER_NEEDS, providerOf, type RunningDevice } from './network-device.ts';
import { type InputPort, nameInFile, type OutputPort } from './port.ts';
import { splitOutputs } from './split-outputs.ts';

// A device that does not work is reported by its error; the native library would also print it to stderr.
ort.env.logLevel = 'fatal';

/** What this build of the runtime can run networks on; those that are not bundled only where their libraries were installed. */
export function networkProviders(): readonly { readonly name: string; readonly bundled: boolean }[] {
  return ort.listSupportedBackends();
}

export interface SessionOptions {
  /** Default `cpu`. */
  readonly device?: RunningDevice;
  /** Threads of one run; default 1, for sessions run side by side in workers. */
  readonly threads?: number;
}

/**
 * The value of an input: a scalar, numbers of the contract's shape, or numbers with their shape where the contract leaves a size
 * open.
 */
export type Fed = number | Float32Array | { readonly data: Float32Array; readonly shape: readonly number[] };

/** A network that is ready to run. `run` blocks its JavaScript thread while it computes: sessions belong into workers. */
export interface ModelSession extends AsyncDisposable {
  /** Where it actually runs. */
  readonly device: RunningDevice;
  /**
   * Runs the network on its inputs by name, of the contract's shapes; answers its outputs. Scalars with a value in the contract may be
   * left out. Numbers are floats whatever types the ports have.
   *
   * @throws TypeError for an input that is missing, unknown, or has more or fewer numbers than its shape; DeviceError where the device
   * fails in the midst of a run.
   */
  run(inputs: Readonly<Record<string, Fed>>): Promise<Outputs>;
  /**
   * Runs the network once on as many `pictures` as its picture input was given; answers the outputs of each.
   *
   * @throws as `run` does; RangeError where an output has not so many blocks.
   */
  runTogether(inputs: Readonly<Record<string, Fed>>, pictures: number): Promise<readonly Outputs[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens the ONNX file at `path` and checks every port against the contract.
 *
 * @throws ModelError where the file is no ONNX network, ContractError where a port differs, DeviceError where an asked device does
 *   not work here.
 */
export async function openSession(
  path: string,
  contract: Contract,
  options: SessionOptions = {},
): Promise<ModelSession> {
  const { device = 'cpu', threads = 1 } = options;
  const session = await openOn(path, contract, device, threads);
  try {
    checkPorts(contract, session);
  } catch (cause) {
    await session.release();
    throw cause;
  }
  const outputs = contract.outputs.map(nameInFile);
  const answersTo = async (inputs: Readonly<Record<string, Fed>>) => {
    const results = await session.run(feedsOf(contract, inputs), outputs).catch((cause) => {
      throw device === 'cpu' ? cause : failedError(contract, device, cause);
    });
    return contract.outputs.map((port) => {
      const tensor = results[nameInFile(port)] as ort.Tensor;
      return { name: port.name, data: floatsOf(tensor), dims: tensor.dims };
    });
  };
  return {
    device,
    run: async (inputs) => new Map((await answersTo(inputs)).map(({ name, data }) => [name, data])),
    runTogether: async (inputs, pictures) => splitOutputs(await answersTo(inputs), pictures),
    [Symbol.asyncDispose]: () => session.release(),
  };
}

/** A device that failed after it had worked: lost, or short of memory. */
function failedError({ id }: Contract, device: RunningDevice, cause: unknown): DeviceError {
  return new DeviceError(
    device,
    `The device "${device}" failed while it ran the network "${id}": ${firstLineOf(cause)} Give the same command again with --device cpu: finished takes and tracks are kept.`,
    { cause },
  );
}

async function openOn(path: string, contract: Contract, device: RunningDevice, threads: number) {
  if (device === 'cpu') return createOnCpu(path, contract, threads);
  try {
    return await createOn(path, contract, device, threads);
  } catch (cause) {
    const { name } = providerOf(device);
    const needs = PROVIDER_NEEDS[name as Exclude<typeof name, 'cpu'>];
    throw new DeviceError(
      device,
      `The device "${device}" does not work here: ${firstLineOf(cause)} It needs ${needs}; "reelmend doctor" says what is here. Use --device cpu, or install what it needs.`,
      { cause },
    );
  }
}

/**
 * What a network of one input and one output makes of floats, on a device.
 *
 * @param network an ONNX file's bytes
 */
export async function ranOnce(
  network: Uint8Array,
  device: RunningDevice,
  input: { readonly name: string; readonly data: Float32Array; readonly shape: readonly number[] },
): Promise<Float32Array> {
  const session = await create(network, device, 1);
  try {
    const answer = await session.run({ [input.name]: new ort.Tensor('float32', input.data, input.shape) });
    return Float32Array.from((Object.values(answer)[0] as ort.Tensor).data as Float32Array);
  } finally {
    await session.release();
  }
}

async function createOnCpu(path: string, contract: Contract, threads: number): Promise<ort.InferenceSession> {
  try {
    return await create(path, 'cpu', threads);
  } catch (cause) {
    throw new ModelError(
      contract.id,
      `Model "${contract.id}": ${path} cannot be opened as an ONNX network: ${firstLineOf(cause)} ` +
        `Remove the file and run "reelmend models pull ${contract.id}".`,
      { cause },
    );
  }
}

/** What the network is run on: every input's tensor. */
function feedsOf({ id, inputs }: Contract, given: Readonly<Record<string, Fed>>): Record<string, ort.Tensor> {
  const unknown = Object.keys(given).find((name) => !inputs.some((port) => port.name === name));
  if (unknown !== undefined) throw new TypeError(`Model "${id}" has no input "${unknown}".`);
  return Object.fromEntries(inputs.map((port) => [nameInFile(port), feedOf(id, port, given[port.name])]));
}

function feedOf(model: string, port: InputPort, given: Fed | undefined): ort.Tensor {
  const fed = given ?? (port.kind === 'scalar' ? port.value : undefined);
  if (fed === undefined) throw new TypeError(`Model "${model}": nothing was given for its input "${port.name}".`);
  const { data, shape } =
    typeof fed === 'number'
      ? { data: Float32Array.of(fed), shape: port.shape }
      : fed instanceof Float32Array
        ? { data: fed, shape: port.shape }
        : fed;
  if (data.length !== elementsOf(shape) || shape.some((size) => size < 0)) {
    throw new TypeError(
      `Model "${model}": its input "${port.name}" was given ${data.length} numbers, but has the shape [${shape.join(', ')}].`,
    );
  }
  return tensorOf(port.type, data, shape);
}

/** A size that is open is tried at so much, but for the first, of which there is one: the batch. */
const OPEN_SIZE_PROBE = 32;

/** Opens and runs once: a build's list of devices does not show that they work on this machine. */
async function createOn(
  path: string,
  contract: Contract,
  device: RunningDevice,
  threads: number,
): Promise<ort.InferenceSession> {
  const session = await create(path, device, threads);
  try {
    const blanks = contract.inputs.map((port) => {
      const { type, shape } = port;
      const probe = shape.map((size, axis) => (size > 0 ? size : axis === 0 ? 1 : OPEN_SIZE_PROBE));
      return [nameInFile(port), tensorOf(type, new Float32Array(elementsOf(probe)), probe)] as const;
    });
    await session.run(Object.fromEntries(blanks));
    return session;
  } catch (cause) {
    await session.release();
    throw cause;
  }
}

async function create(
  network: string | Uint8Array,
  device: RunningDevice,
  threads: number,
): Promise<ort.InferenceSession> {
  const { name, number: deviceId } = providerOf(device);
  const here = networkProviders().map((one) => one.name);
  if (!here.includes(name)) throw new Error(`This build of onnxruntime has no "${name}"; it has ${here.join(', ')}.`);
  const options: ort.InferenceSession.SessionOptions = {
    // What TensorRT cannot do, CUDA does; what neither can, the processor.
    executionProviders:
      name === 'tensorrt'
        ? [
            { name, deviceId },
            { name: 'cuda', deviceId },
          ]
        : [deviceId > 0 ? { name, deviceId } : name],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Spinning threads take the cores that decoding and encoding need.
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
    // Nothing printed: errors are thrown, and a foreign model's unused initialisers are no news for a user.
    logSeverityLevel: 4,
  };
  return typeof network === 'string'
    ? ort.InferenceSession.create(network, options)
    : ort.InferenceSession.create(network, options);
}

function checkPorts(contract: Contract, session: ort.InferenceSession): void {
  const { id } = contract;
  for (const port of contract.inputs) checkPort(id, 'input', port, session.inputMetadata);
  const surplus = session.inputMetadata.find(({ name }) => !contract.inputs.some((port) => nameInFile(port) === name));
  if (surplus) {
    throw portError(
      { model: id, direction: 'input', port: surplus.name },
      { expected: 'absent', received: 'one more input' },
    );
  }
  for (const port of contract.outputs) checkPort(id, 'output', port, session.outputMetadata);
}

function checkPort(
  model: string,
  direction: 'input' | 'output',
  port: Pick<OutputPort, 'name' | 'inFile' | 'shape' | 'type'>,
  metadata: readonly ort.InferenceSession.ValueMetadata[],
): void {
  const file = nameInFile(port);
  const place = { model, direction, port: file };
  const found = metadata.find(({ name }) => name === file);
  if (!found) {
    const names = metadata.map(({ name }) => name).join(', ');
    throw portError(place, { expected: port.shape, received: `no ${direction} of this name (it has: ${names})` });
  }
  if (!found.isTensor || found.type !== port.type) {
    throw portError(place, { expected: port.type, received: found.isTensor ? found.type : 'not a tensor' });
  }
  // A dimension that the file leaves open, a word or a number below 1, fits any; one that the contract leaves open must be so in the file,
  // but for answers: files state those of one size of picture and are run at others.
  const fits =
    found.shape.length === port.shape.length &&
    found.shape.every(
      (dim, k) =>
        typeof dim !== 'number' || dim < 1 || dim === port.shape[k] || (direction === 'output' && port.shape[k] === -1),
    );
  if (!fits) throw portError(place, { expected: port.shape, received: found.shape });
}

/** The first line of an error's message, as a sentence. */
export function firstLineOf(error: unknown): string {
  return `${((error as Error).message ?? String(error)).split('\n')[0]?.replace(/\.$/, '')}.`;
}
