import { extname, join } from 'node:path';
import { ReelError } from '../../../film/reel-error.ts';
import { type FolderNames, namesIn } from './folder-names.ts';

/** Movies by their extensions, as a hint only: what is read is up to ffmpeg. */
const MOVIES = /\.(mov|mp4|m4v|mkv|mxf|avi|mpg|mpeg|ts|m2ts|mts|vob|webm|wmv|dv)$/i;
/** Stills that people have and that are not read. */
const OTHER_STILLS =
  /\.(cin|sxr|tga|bmp|sgi|rgb|pic|hdr|ppm|pgm|jp2|j2k|j2c|jpf|jxl|webp|heic|avif|psd|dng|cr2|cr3|nef|arw|ari|r3d|raw|gif)$/i;

/** What to say of a folder without stills: where they may be instead. */
export async function withoutStills(folder: string, names: FolderNames): Promise<ReelError> {
  const movie = names.others.find((name) => MOVIES.test(name));
  if (movie !== undefined) {
    return new ReelError(`"${folder}" holds no stills, but a movie. Give "${join(folder, movie)}" itself.`);
  }
  for (const name of names.folders) {
    const inner = await namesIn(join(folder, name)).catch(() => null);
    if (inner && inner.stills.length > 0) {
      return new ReelError(
        `"${folder}" holds no stills itself, but its folder "${name}" does. Give "${join(folder, name)}".`,
      );
    }
  }
  const others = names.others.filter((name) => OTHER_STILLS.test(name));
  const [other] = others;
  if (other !== undefined) {
    return new ReelError(
      `"${folder}" holds no stills that are read, but ${others.length} of other kinds, such as ${other} (${extname(other)}). Convert them to DPX, TIFF, PNG, JPEG or EXR first.`,
    );
  }
  return new ReelError(
    `"${folder}" holds no stills. Files such as scan.0001.dpx were expected (dpx, tif, png, jpg or exr): check the path.`,
  );
}
