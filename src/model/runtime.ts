import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// Importing the runtime loads its native library, 20 ms of a processor: these facts are read from its files.
const RUNTIME = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');

/** The version of the program that runs networks, such as `1.30.0`. */
export function runtimeVersion(): string {
  return (createRequire(import.meta.url)(RUNTIME) as { readonly version: string }).version;
}

/** The runtime's library for CUDA, loaded from beside its own. */
const CUDA_LIBRARY = /(^|[/\\])(lib)?onnxruntime_providers_cuda\.(so|dll)$/;

/** Folders in which Linux has the nodes of graphics cards, and the names of such nodes: nothing reaches a card without one. */
const NODES = [
  ['/dev/dri', /^renderD/],
  ['/dev', /^(nvidia\d|dxg$|kfd$)/],
] as const;

/** True where it is known, without loading the runtime, that no accelerator runs networks here: neither its library nor a card is there. */
export function hasNoAccelerator(runtime = dirname(RUNTIME), platform = process.platform): boolean {
  if (platform !== 'linux') return false;
  const files = readdirSync(join(runtime, 'bin'), { recursive: true, encoding: 'utf8' });
  if (files.some((file) => CUDA_LIBRARY.test(file))) return false;
  return NODES.every(([folder, name]) => !existsSync(folder) || !readdirSync(folder).some((node) => name.test(node)));
}

/**
 * The command that fetches the runtime's libraries for CUDA and TensorRT, which this project's .npmrc leaves out; null where there are none
 * for this machine.
 */
export function fetchingLibraries(runtime = dirname(RUNTIME)): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  return `ONNXRUNTIME_NODE_INSTALL=cuda12 node ${JSON.stringify(join(runtime, 'script', 'install.js'))}`;
}
