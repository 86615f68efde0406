import type { SourceFile } from './source-file.ts';

/** Tests and benches measure by it, and may be the only ones that do. */
const MEASURES = /^src\/metrics\//;

/** What in the exports of `files` goes against the rules: a sentence each. */
export function exportFaults(files: readonly SourceFile[]): readonly string[] {
  return [...exportedTwice(files), ...unusedExports(files)];
}

/** Backends answer one port: what does the same in each bears the same name. */
const BACKEND = /^src\/compute\/(?:cpu|gpu)\//;

/** One name, one thing: a reader who searches for it finds it. */
function exportedTwice(files: readonly SourceFile[]): readonly string[] {
  const homes = new Map<string, string[]>();
  for (const { path, exports } of inSrc(files)) {
    for (const name of new Set(exports)) homes.set(name, [...(homes.get(name) ?? []), path]);
  }
  return [...homes]
    .filter(([, paths]) => paths.length > 1 && !areTwins(paths))
    .map(([name, paths]) => `"${name}" is exported by ${paths.join(' and ')}: name one of them by what sets it apart.`);
}

function areTwins(paths: readonly string[]): boolean {
  const backends = new Set(paths.map((path) => BACKEND.exec(path)?.[0]));
  return !backends.has(undefined) && backends.size === paths.length;
}

/** What only a test uses is not tested by it but kept by it. */
function unusedExports(files: readonly SourceFile[]): readonly string[] {
  const used = new Set(
    files.flatMap(({ imports }) => imports.flatMap(({ of, names }) => names.map((name) => `${of} ${name}`))),
  );
  return inSrc(files)
    .filter(({ path }) => !MEASURES.test(path))
    .flatMap(({ path, exports, ownUses }) =>
      exports
        .filter((name) => !used.has(`${path} ${name}`) && !used.has(`${path} *`) && !ownUses.has(name))
        .map((name) => `${path} exports "${name}", which nothing but tests uses: use it or move it to them.`),
    );
}

function inSrc(files: readonly SourceFile[]): readonly SourceFile[] {
  return files.filter(({ path }) => path.startsWith('src/'));
}
