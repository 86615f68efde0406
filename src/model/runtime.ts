import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { DeviceChoice, RunningDevice } from './session.ts';

// Importing the runtime loads its native library, 20 ms of a processor: these facts are read from its files.
const RUNTIME = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');

/** The version of the program that runs networks, such as `1.30.0`. */
export function runtimeVersion(): string {
  return (createRequire(import.meta.url)(RUNTIME) as { readonly version: string }).version;
}

/** The runtime's library for CUDA, loaded from beside its own. */
const CUDA_LIBRARY = /(^|[/\\])(lib)?onnxruntime_providers_cuda\.(so|dll)$/;

/** Where networks run, as far as it is known before one is opened: null where CUDA is to be tried. */
export function knownDevice(choice: DeviceChoice, runtime = dirname(RUNTIME)): RunningDevice | null {
  if (choice !== 'auto') return choice;
  const files = readdirSync(join(runtime, 'bin'), { recursive: true, encoding: 'utf8' });
  return files.some((file) => CUDA_LIBRARY.test(file)) ? null : 'cpu';
}
