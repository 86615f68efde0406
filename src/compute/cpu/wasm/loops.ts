/** The loops in WebAssembly: what `../loops` has in TypeScript, under the same names. */
export * from './filter';
export * from './flow-search';
export * from './sampling';
export * from './window';
