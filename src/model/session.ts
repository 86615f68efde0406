import type * as ort from 'onnxruntime-node';
import { elementsOf } from '../convert/dense-tensor.ts';
import { checkPorts } from './check-ports.ts';
import type { Contract } from './contract.ts';
import type { Outputs } from './decoder.ts';
import { DeviceError } from './device-error.ts';
import { floatsOf, tensorOf } from './elements.ts';
import type { RunningDevice } from './network-device.ts';
import { firstLineOf, openOnDevice } from './open-on-device.ts';
import { type InputPort, nameInFile } from './port.ts';
import { splitOutputs } from './split-outputs.ts';

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
  const session = await openOnDevice(path, contract, device, threads);
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
