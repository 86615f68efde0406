/** The loops in WebAssembly: what `src/compute/cpu/loops` has in TypeScript, under the same names. */
export * from './filter';
export * from './flow-search';
export * from './sampling';
export * from './window';
