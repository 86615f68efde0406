import { existsSync, readFileSync } from 'node:fs';
import { type Loops, PLAIN_LOOPS } from './loops.ts';

/** Loops in WebAssembly, over the memory that they were instantiated with. */
interface OpenedLoops {
  readonly loops: Loops;
  /** The memory, as long as it is now. Once it has grown it is another buffer; arrays over the former ones stay. */
  buffer(): ArrayBufferLike;
  /** @throws RangeError where there is no more */
  grow(pages: number): void;
}

/** Pages of 64 kB: all that 32-bit addresses reach. Address space alone is taken for it. */
const MOST_PAGES = 65_536;

/** `npm run build` compiles `src/compute/cpu/wasm/` to here; sources that run uncompiled use what was built last. */
const FILE = new URL(
  import.meta.url.endsWith('.ts') ? '../../../../dist/src/compute/cpu/loops.wasm' : '../loops.wasm',
  import.meta.url,
);

let compiled: WebAssembly.Module | null | undefined;

/** The loops in new memory of their own; null where they were not built, or the engine has no vectors, or no such memory. */
export function openWasmLoops(): OpenedLoops | null {
  compiled ??= compiledLoops();
  const memory = compiled && emptyMemory();
  if (!compiled || !memory) return null;
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const buffers = new WeakSet<ArrayBufferLike>();
  const loops = Object.entries(PLAIN_LOOPS).map(([name, plain]) => [name, bound(exports[name], plain, buffers)]);
  return {
    loops: Object.fromEntries(loops),
    buffer() {
      buffers.add(memory.buffer);
      return memory.buffer;
    },
    grow: (pages) => memory.grow(pages),
  };
}

/** Null where a process may not take so many addresses: `ulimit -v` bounds them. */
function emptyMemory(): WebAssembly.Memory | null {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function compiledLoops(): WebAssembly.Module | null {
  // An engine that may not make code at run time (`node --jitless`) has no WebAssembly.
  if (typeof WebAssembly === 'undefined' || !existsSync(FILE)) return null;
  const bytes = readFileSync(FILE);
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
}

type Loop = (...args: (Float32Array | Int32Array | number)[]) => void;

/** The loop by addresses; in TypeScript where an array lies in none of these buffers. */
function bound(exported: unknown, plain: unknown, buffers: WeakSet<ArrayBufferLike>): Loop {
  const [fast, slow] = [exported as (...args: number[]) => void, plain as Loop];
  const addresses: number[] = [];
  return (...args) => {
    addresses.length = args.length;
    for (let k = 0; k < args.length; k++) {
      const arg = args[k];
      if (typeof arg === 'number') addresses[k] = arg;
      else if (buffers.has(arg.buffer)) addresses[k] = arg.byteOffset;
      else return slow(...args);
    }
    fast(...addresses);
  };
}

/** What is used of WebAssembly, which Node's types leave out. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: { readonly env: { readonly memory: Memory } });
    readonly exports: Readonly<Record<string, unknown>>;
  }
  class Memory {
    constructor(pages: { readonly initial: number; readonly maximum: number; readonly shared: true });
    readonly buffer: SharedArrayBuffer;
    grow(pages: number): void;
  }
  function validate(bytes: Uint8Array): boolean;
}
