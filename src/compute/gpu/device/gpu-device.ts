import { GpuError } from './gpu-error.ts';

/** Which adapter is opened. */
export interface GpuChoice {
  /** Part of its name, whatever its case; default: the fastest that the system offers. */
  readonly named?: string;
  /** Whether an adapter that computes on the processor will do; default false. */
  readonly software?: boolean;
}

/** What an adapter says of itself. */
export interface AdapterFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  /** Its name, and mostly its driver's version. */
  readonly description: string;
  /** Whether it computes on the processor. */
  readonly software: boolean;
  /** Bytes of the largest buffer, and of the largest part of one that a kernel sees. */
  readonly largestBuffer: number;
  readonly largestBinding: number;
}

/** An open device. */
export interface GpuDevice {
  readonly device: GPUDevice;
  readonly adapter: AdapterFacts;
  /** Version of the package through which it is reached. */
  readonly version: string;
  /** What went wrong since it was opened, if anything did. */
  readonly fault: () => GpuError | null;
  /** Rejects when the device is lost. Nobody need listen to it. */
  readonly lost: Promise<never>;
  close(): void;
}

/** Most bytes of one buffer that are asked for: the 24 neighbours of a patch of 2048² have 1.1 GiB. */
const LARGEST = 2 ** 31;

/**
 * What keeps devices alive: a device whose instance is collected takes the whole process with it, so that each is held here until it is
 * closed.
 */
const held = new Set<readonly unknown[]>();

/**
 * Opens a device. One thread opens it, uses it and closes it.
 *
 * @throws GpuError `refused` where the package is not installed or cannot be loaded, or no adapter is found; the message says what to do
 */
export async function openGpuDevice({ named, software = false }: GpuChoice = {}): Promise<GpuDevice> {
  const { create, version } = await dawn();
  const gpu = create(named ? [`adapter=${named}`] : []);
  const adapter = await adapterOf(gpu, named);
  const facts = factsOf(adapter);
  if (facts.software && !software) {
    throw new GpuError('refused', `${onlySoftware(facts)} Use --device cpu.`);
  }
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const device = await adapter
    .requestDevice({
      requiredLimits: {
        maxBufferSize: Math.min(LARGEST, maxBufferSize),
        maxStorageBufferBindingSize: Math.min(LARGEST, maxStorageBufferBindingSize),
      },
    })
    .catch((cause: Error) => {
      const said = `The graphics adapter ${facts.description} could not be opened: ${cause.message}`;
      throw new GpuError('refused', `${said} Update its driver, or use --device cpu.`, { cause });
    });
  const pinned = [gpu, adapter, device];
  held.add(pinned);
  let fault: GpuError | null = null;
  const note = (found: GpuError) => {
    fault ??= found;
  };
  device.addEventListener('uncapturederror', ({ error }) => note(faultOf(error)));
  const lost = device.lost.then(({ reason, message }): never => {
    const found = new GpuError(
      'lost',
      `The device ${facts.description} was lost (${reason}): ${message || 'no reason given'}.`,
    );
    note(found);
    throw found;
  });
  lost.catch(() => {});
  return {
    device,
    adapter: facts,
    version,
    fault: () => fault,
    lost,
    close() {
      device.destroy();
      held.delete(pinned);
    },
  };
}

/**
 * What every adapter of this machine says of itself, whether or not the product would choose it.
 *
 * @throws GpuError `refused` where the package is not installed or cannot be loaded
 */
export async function knownAdapters(): Promise<{
  readonly version: string;
  readonly adapters: readonly AdapterFacts[];
}> {
  const { create, version } = await dawn();
  const names = namesIn(await refusalOf(create([`adapter=${NO_NAME}`])));
  const adapters: AdapterFacts[] = [];
  for (const name of names.length > 0 ? names : [null]) {
    const gpu = create(name === null ? [] : [`adapter=${name}`]);
    held.add([gpu]);
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
    const facts = adapter && factsOf(adapter);
    if (facts && !adapters.some(({ description }) => description === facts.description)) adapters.push(facts);
  }
  return { version, adapters };
}

/** Why a software adapter is not chosen, as a sentence. */
export function onlySoftware({ description }: AdapterFacts): string {
  return `The only graphics adapter, ${description}, computes on the processor, slower than the CPU's own code.`;
}

/** Part of the name of no adapter: the package then names all there are. */
const NO_NAME = 'no adapter has such a name';

async function refusalOf(gpu: GPU): Promise<string> {
  held.add([gpu]);
  return gpu.requestAdapter().then(
    () => '',
    (error: Error) => error.message,
  );
}

/** The adapters that the package names where none fits: ` * backend: 'vulkan', name: 'llvmpipe (LLVM 15.0.6, 256 bits)'`. */
function namesIn(refusal: string): string[] {
  return [...refusal.matchAll(/name: '(.*)'/g)].flatMap(([, name]) => name ?? []);
}

async function adapterOf(gpu: GPU, named: string | undefined): Promise<GPUAdapter> {
  let refusal = '';
  const found = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch((error: Error) => {
    refusal = error.message;
    return null;
  });
  if (found) return found;
  const others = namesIn(refusal).map((name) => `"${name}"`);
  const wanted = named ? `whose name has "${named}" in it ` : '';
  const advice =
    others.length > 0
      ? `There is ${others.join(', ')}: give a part of such a name`
      : "Install its driver (on Linux also Vulkan's loader, libvulkan1)";
  throw new GpuError('refused', `No graphics adapter ${wanted}was found. ${advice}, or use --device cpu.`);
}

function faultOf(error: GPUError): GpuError {
  const isMemory = error.constructor.name === 'GPUOutOfMemoryError';
  return isMemory
    ? new GpuError('out-of-memory', `The device has no memory left: ${error.message}`)
    : new GpuError('refused', `The device refused a command: ${error.message}`);
}

function factsOf({ info, limits }: GPUAdapter): AdapterFacts {
  return {
    vendor: info.vendor,
    architecture: info.architecture,
    device: info.device,
    description: info.description,
    software: info.isFallbackAdapter,
    largestBuffer: limits.maxBufferSize,
    largestBinding: limits.maxStorageBufferBindingSize,
  };
}

/** The package, which the product does without where it is not installed. */
async function dawn() {
  try {
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals);
    const { default: about } = await import('webgpu/package.json', { with: { type: 'json' } });
    return { create, version: about.version };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const said =
      code === 'ERR_MODULE_NOT_FOUND'
        ? 'The package "webgpu" is not installed. Run "npm install webgpu@0.6.2"'
        : `The package "webgpu" could not be loaded: ${message.split('\n', 1)[0]?.replace(/\.$/, '')}. Install it anew by "npm install webgpu@0.6.2"`;
    throw new GpuError('refused', `${said}, or use --device cpu.`, { cause });
  }
}
