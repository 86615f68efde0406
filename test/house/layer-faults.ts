import type { Room } from './rooms.ts';
import type { SourceFile } from './source-file.ts';

/** Packages that compute and nothing else. */
const PURE_PACKAGES = new Set(['rxjs', 'zod']);

/** What in `files` (of `src/`) goes against the rooms: a sentence each, with the file, what it imports or uses, and the rule. */
export function layerFaults(files: readonly SourceFile[], rooms: readonly Room[]): readonly string[] {
  const named = new Map(rooms.map((room) => [room.name, room]));
  const folders = new Set(files.flatMap(({ path }) => roomNameOf(path) ?? []));
  return [
    ...rooms
      .filter(({ name }) => !folders.has(name))
      .map(({ name }) => `The table has a room "${name}", but there is no src/${name}.`),
    ...[...folders].filter((name) => !named.has(name)).map((name) => `src/${name} has no row in the table.`),
    ...files.flatMap((file) => {
      const room = named.get(roomNameOf(file.path) ?? '');
      return room ? [...importFaults(file, room), ...(room.pure ? purityFaults(file, room) : [])] : [];
    }),
    ...circles(files).map((circle) => `${circle.join(' imports ')}: files may not import each other in a circle.`),
  ];
}

/** Null for a file that lies in no room: `src/index.ts`, which stands above all of them. */
function roomNameOf(path: string): string | null {
  return /^src\/([^/]+)\//.exec(path)?.[1] ?? null;
}

function importFaults({ path, imports }: SourceFile, room: Room): readonly string[] {
  const allowed = room.mayImport.size > 0 ? [...room.mayImport].join(', ') : 'nothing';
  return imports
    .filter(({ of, isFile }) => {
      const other = roomNameOf(of);
      return isFile && other !== room.name && !(other && room.mayImport.has(other));
    })
    .map(({ of }) => `${path} imports ${of}: the room "${room.name}" may import from ${allowed}.`);
}

function purityFaults({ path, imports, ambient }: SourceFile, room: Room): readonly string[] {
  const modules = imports.filter(({ of, isFile, isType }) => !isFile && !isType && !PURE_PACKAGES.has(of));
  return [
    ...modules.map(({ of }) => `${path} imports ${of}: the room "${room.name}" is pure.`),
    ...ambient.map((name) => `${path} uses ${name}: the room "${room.name}" is pure.`),
  ];
}

/** The circles that imports of values form, each once, from its first file back to it. */
function circles(files: readonly SourceFile[]): readonly (readonly string[])[] {
  const importedBy = new Map(
    files.map(({ path, imports }) => [
      path,
      imports.filter(({ isFile, isType }) => isFile && !isType).map(({ of }) => of),
    ]),
  );
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path);
    if (at >= 0) found.push([...way.slice(at), path]);
    if (at >= 0 || done.has(path)) return;
    for (const next of importedBy.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return found;
}
