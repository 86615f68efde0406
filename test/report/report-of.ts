import sharp from 'sharp';
import type { Report } from '../../src/report/report.ts';
import type { ReportPage } from '../../src/report/report-page.ts';
import { reelFacts, tracksFileOf } from '../../src/report/tracks-file.ts';
import { trackOf } from '../pipeline/face-tracks.ts';
import { reelOf } from '../pipeline/reel-of.ts';

const reel = reelOf({ path: '/film/scan "A" <1>' });

export const TRACKS = tracksFileOf({
  reel,
  shots: [
    { in: 0, out: 60 },
    { in: 60, out: 100 },
  ],
  tracks: [trackOf('t1', 3, 60), trackOf('t2', 20, 45), trackOf('t3', 60, 90, 1)],
  castings: [
    { track: 't1', person: 'actor', similarity: 0.71 },
    { track: 't2', person: null, similarity: 0.12 },
    { track: 't3', person: 'actor', similarity: 0.64 },
  ],
  counts: { detector: { sweep: 10, anchor: 6 }, landmarker: { follow: 112 }, recogniser: { anchor: 6 } },
});

export const REPORT: Report = {
  format: 'reelmend-report/1',
  version: '0.1.0',
  finished: '2026-11-23T10:11:12.000Z',
  job: '34'.repeat(32),
  reel: reelFacts(reel),
  preset: { name: 'restore', hash: 'ab'.repeat(32) },
  restorer: 'replace',
  frames: {
    in: 100,
    out: 100,
    restored: 87,
    untouched: 12,
    isolated: [{ frame: 95, name: 'scan.1096.dpx', reason: 'cut off at 40 % of its length' }],
  },
  inference: { ...TRACKS.inference, restorer: 87 },
  everyFrame: { detector: 100, landmarker: 112, recogniser: 112 },
  seconds: { sighting: 8.4, rendering: 65.2 },
  peakMemoryMiB: 512.4,
  takes: [
    { shot: 0, in: 0, out: 60, device: 'cpu', sha256: 'cd'.repeat(32), redone: true },
    { shot: 1, in: 60, out: 100, device: 'cpu', sha256: 'ef'.repeat(32), redone: false },
  ],
  flicker: { t1: { lowPassRatio: 1.02 } },
  audit: null,
  outputs: [{ path: '/film/restored', sha256: '12'.repeat(32), frames: 100 }],
  notes: ['The reel says nothing of its colour; Rec. 709 was assumed.'],
};

/** A page of two pictures, drawn in plain colours unless pictures are given. */
export async function pageOf(pictures?: { before: Buffer; after: Buffer; shot: Buffer }): Promise<ReportPage> {
  const plain = (grey: number) =>
    sharp({ create: { width: 32, height: 18, channels: 3, background: { r: grey, g: grey, b: grey } } })
      .png()
      .toBuffer();
  const { before, after, shot } = pictures ?? {
    before: await plain(60),
    after: await plain(120),
    shot: await plain(90),
  };
  return {
    report: REPORT,
    tracks: TRACKS,
    facts: [['Timecode', '01:00:00:00']],
    shots: [
      { shot: 0, frame: 30, picture: shot },
      { shot: 1, frame: 80, picture: shot },
    ],
    pairs: [
      { frame: 30, caption: 't1, actor', before, after },
      { frame: 80, caption: 't3, actor', before, after },
    ],
    views: new Map([
      [
        't1',
        {
          anchors: [
            { frame: 3, similarity: 0.74 },
            { frame: 27, similarity: 0.69 },
            { frame: 51, similarity: 0.71 },
          ],
          threshold: 0.5,
          brightness:
            TRACKS.tracks[0]?.sightings.map(({ frame }) => ({
              frame,
              before: 0.4 + 0.01 * Math.sin(frame),
              after: 0.41 + 0.008 * Math.sin(frame),
            })) ?? [],
        },
      ],
    ]),
  };
}
