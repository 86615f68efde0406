import type { ColourTags } from '../../film/colour.ts';
import type { StreamInfo } from '../ffmpeg/probe-streams.ts';

/** A word of ffprobe's; undefined where it says that it knows none. */
export function said(value: string | undefined): string | undefined {
  return value === undefined || /^(unknown|unspecified|reserved)$/.test(value) ? undefined : value;
}

/** What ffprobe says of a picture's colour. */
type ProbedColour = { readonly [Key in ColourKey]?: StreamInfo[Key] };
type ColourKey = 'color_range' | 'color_primaries' | 'color_transfer' | 'color_space' | 'chroma_location' | 'pix_fmt';

/** Colour as a movie's picture, or a still, is tagged; see `agreedColour` for how it is taken. */
export function taggedColour(picture: ProbedColour): ColourTags {
  const range = said(picture.color_range) ?? (picture.pix_fmt?.startsWith('yuvj') ? 'pc' : undefined);
  const tags = {
    primaries: said(picture.color_primaries),
    transfer: said(picture.color_transfer),
    // That it is RGB, which has no matrix, is what `gbr` says; its pixel format does, too.
    matrix: picture.color_space === 'gbr' ? undefined : said(picture.color_space),
    chromaLocation: said(picture.chroma_location),
  };
  return {
    ...(range === 'tv' || range === 'pc' ? { range } : {}),
    ...Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== undefined)),
  };
}
