import type { MasterForm } from './master-form.ts';

/** What of a reel a master may keep beside its pictures and sound. */
export type Property =
  | 'range'
  | 'primaries'
  | 'transfer'
  | 'matrix'
  | 'chromaLocation'
  | 'timecode'
  | 'reelName'
  | 'rate'
  | 'pixelAspect'
  | 'turn'
  | 'fields'
  | 'chapters';

/** For people. */
export const PROPERTY_NAMES: Readonly<Record<Property, string>> = {
  range: 'the range of code values',
  primaries: 'the primaries',
  transfer: 'the transfer',
  matrix: 'the matrix',
  chromaLocation: 'where chroma is sited',
  timecode: 'the timecode',
  reelName: 'the name of the reel',
  rate: 'the rate',
  pixelAspect: 'the pixel aspect',
  turn: 'how the picture is turned',
  fields: 'the field order',
  chapters: 'chapters',
};

/** What a master lacks, by its container and its codec; why, `docs/masters.md` says. */
const LACKS: Readonly<Record<string, readonly Property[]>> = {
  mp4: ['reelName'],
  mkv: ['turn'],
  mxf: ['chapters', 'turn'],
  frames: ['chromaLocation', 'reelName', 'turn', 'fields', 'chapters'],
  // Their header has codes for few.
  dpx: ['primaries', 'transfer', 'matrix'],
  tiff: ['range', 'primaries', 'transfer', 'matrix', 'timecode', 'rate', 'pixelAspect'],
  prores: ['chromaLocation'],
  dnxhr: ['chromaLocation', 'fields'],
  jpeg2000: ['chromaLocation', 'fields'],
};

/** True where a master keeps a property, so that one that is lost is a fault. */
export function holds({ container, picture }: MasterForm, property: Property): boolean {
  return ![container, picture.codec].some((name) => LACKS[name]?.includes(property));
}
