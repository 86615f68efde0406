import type { FoundShots } from '../../src/editorial/found-shots.ts';
import { reelOf } from '../pipeline/reel-of.ts';
import { movieOf } from './listed.ts';

/** Shots of a reel with a face, frames to look at, and a gap before the last. */
const SHOTS: FoundShots['shots'] = [
  {
    name: 'shot 001',
    in: 0,
    out: 48,
    faces: [
      { in: 2, out: 48, track: 'f3', person: 'Änna "K", jr', restorer: 'repair', restored: 46 },
      { in: 0, out: 20, track: 'f1', person: null, restorer: null, restored: 0 },
    ],
    markers: [
      { in: 7, out: 8, kind: 'changed', track: 'f3', text: 'Änna "K", jr changed most, by 12.3 levels', value: 12.3 },
      { in: 9, out: 10, kind: 'likeness', track: 'f3', text: 'Änna "K", jr least like, 0.41', value: 0.41 },
      { in: 11, out: 12, kind: 'flicker', track: 'f3', text: 'Änna "K", jr flickers most, 1.20 levels', value: 1.2 },
      { in: 30, out: 34, kind: 'refused', track: 'f3', text: 'Änna "K", jr left as it was: turned away' },
    ],
  },
  { name: 'shot 002', in: 48, out: 60, faces: [], markers: [] },
  {
    name: 'shot 003',
    in: 90,
    out: 100,
    faces: [],
    markers: [{ in: 99, out: 100, kind: 'damaged', text: 'it cannot be decoded' }],
  },
];

/** By a name: a movie, one whose timecode drops numbers and passes a minute, and a folder without timecode and with it. */
export const DRAWN: Readonly<Record<string, FoundShots>> = {
  movie: { reel: movieOf({ rate: { num: 24000, den: 1001 }, timecode: '10:00:00:00' }), shots: SHOTS },
  'drop-frame': { reel: movieOf({ rate: { num: 30000, den: 1001 }, timecode: '00:59:58;00' }), shots: SHOTS },
  folder: {
    reel: reelOf({ files: Array.from({ length: 100 }, (_, k) => `/film/scan 2/a b.${String(k + 1001)}.dpx`) }),
    shots: SHOTS,
  },
  'folder-with-timecode': {
    reel: reelOf({ timecode: '22:59:58:00', files: ['/film/scan/scan_001001.dpx'] }),
    shots: SHOTS,
  },
};
