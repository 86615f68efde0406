import { realpath } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import type { Reel } from '../../film/reel.ts';
import { PresetError } from '../../settings/preset-error.ts';

/** The containers that a restored reel can be written to. */
const MOVIES = ['.mkv', '.mov', '.mp4'] as const;

/**
 * What `--out` asks for: a movie by its extension, else a folder.
 *
 * @throws PresetError for an extension that is neither.
 */
export function outputKind(out: string): 'movie' | 'folder' {
  const extension = extname(out).toLowerCase();
  if (MOVIES.some((movie) => movie === extension)) return 'movie';
  // A folder may have dots in its name, but not one that promises another kind of file.
  if (/^\.(avi|mxf|webm|m4v|mpg|mpeg|ts|wmv|gif|dpx|tiff?|png|jpe?g|exr)$/.test(extension)) {
    throw new PresetError(
      `--out "${out}": "${extension}" cannot be written. Give ${MOVIES.join(', ')} for a movie, or a name without extension for a folder of frames.`,
      { file: '--out', expected: `a folder, or ${MOVIES.join(', ')}`, got: extension },
    );
  }
  return 'folder';
}

/**
 * Makes sure that nothing of the source can be overwritten, whatever links lead to it.
 *
 * @throws PresetError where the output is the source, lies inside its folder, or holds it.
 */
export async function assertApart(reel: Reel, out: string): Promise<void> {
  const source = await realpath(
    reel.kind === 'movie' ? reel.path : dirname(reel.files.find((f) => f !== null) ?? reel.path),
  );
  const target = await realEventually(resolve(out));
  if (target === source || inside(source, target) || (reel.kind === 'folder' && inside(target, source))) {
    throw new PresetError(
      `--out "${out}" is the reel itself, or lies in its folder, or holds it: "${reel.path}". The source is never written to. Choose another place.`,
      { file: '--out', expected: 'a place apart from the reel', got: out },
    );
  }
}

/**
 * The same for a folder of pictures, whose output and report must lie beside it.
 *
 * @param folders by the flag that named each
 * @throws PresetError
 */
export async function assertFolderApart(source: string, folders: Readonly<Record<string, string>>): Promise<void> {
  const real = await realEventually(resolve(source));
  for (const [flag, folder] of Object.entries(folders)) {
    const target = await realEventually(resolve(folder));
    if (target !== real && !inside(real, target) && !inside(target, real)) continue;
    throw new PresetError(
      `${flag} "${folder}" is the folder of pictures itself, or lies in it, or holds it: "${source}". The source is never written to. Choose another place.`,
      { file: flag, expected: 'a folder apart from the pictures', got: folder },
    );
  }
}

/**
 * Makes sure that files beside an output go where they can neither overwrite a frame nor be removed with the output.
 *
 * @param folders by the flag that named each
 * @throws PresetError where a folder is the reel's or the output's own, or lies in the output or its work.
 */
export async function assertBesideApart(
  reel: Reel,
  { out, work }: { readonly out: string; readonly work: string },
  folders: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const frames = reel.kind === 'folder' ? reel.files.find((file) => file !== null) : undefined;
  const source = frames ? await realpath(dirname(frames)) : null;
  const [output, unfinished] = [await realEventually(resolve(out)), await realEventually(resolve(work))];
  for (const [flag, folder] of Object.entries(folders)) {
    if (folder === undefined) continue;
    const target = await realEventually(resolve(folder));
    const taken =
      target === source
        ? 'is the folder of the reel, whose frames are never written to'
        : [output, unfinished].some((place) => target === place || inside(target, place))
          ? `lies where the restored reel goes ("${out}")`
          : null;
    if (taken === null) continue;
    throw new PresetError(`${flag} "${folder}" ${taken}. Choose another folder.`, {
      file: flag,
      expected: 'a folder of its own',
      got: folder,
    });
  }
}

function inside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`);
}

/** The real path of a file that may not exist yet: that of the nearest folder that does, and the way on from there. */
async function realEventually(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    const real = await realpath(at).catch(() => null);
    if (real !== null) return join(real, relative(at, path));
    if (at === dirname(at)) return path;
  }
}
