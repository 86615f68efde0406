import * as ort from 'onnxruntime-node';
import { elementsOf } from '../convert/dense-tensor.ts';
import type { Contract } from './contract.ts';
import { DeviceError } from './device-error.ts';
import { tensorOf } from './elements.ts';
import { ModelError } from './model-error.ts';
import { isOwnFile } from './model-file.ts';
import { PROVIDER_NEEDS, providerOf, type RunningDevice } from './network-device.ts';
import { nameInFile } from './port.ts';
import { runtimeVersion } from './runtime.ts';

// A device that does not work is reported by its error; the native library would also print it to stderr.
ort.env.logLevel = 'fatal';

/** What this build of the runtime can run networks on; those that are not bundled only where their libraries were installed. */
export function networkProviders(): readonly { readonly name: string; readonly bundled: boolean }[] {
  return ort.listSupportedBackends();
}

/**
 * The file at `path` as the runtime has it open on a device.
 *
 * @throws ModelError where it is no ONNX network, DeviceError where the device does not work here
 */
export async function openOnDevice(
  path: string,
  contract: Contract,
  device: RunningDevice,
  threads: number,
): Promise<ort.InferenceSession> {
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

async function createOnCpu(path: string, contract: Contract, threads: number): Promise<ort.InferenceSession> {
  try {
    return await create(path, 'cpu', threads);
  } catch (cause) {
    const { id } = contract;
    // A user's own file was found to be what was imported, and nothing fetches it again.
    const advice = isOwnFile(contract)
      ? `onnxruntime ${runtimeVersion()} does not run it: export it anew for that version, or name another model.`
      : `Remove the file and run "reelmend models pull ${id}".`;
    throw new ModelError(
      id,
      `Model "${id}": ${path} cannot be opened as an ONNX network: ${firstLineOf(cause)} ${advice}`,
      { cause },
    );
  }
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

/** The first line of an error's message, as a sentence. */
export function firstLineOf(error: unknown): string {
  return `${((error as Error).message ?? String(error)).split('\n')[0]?.replace(/\.$/, '')}.`;
}
