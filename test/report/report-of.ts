import sharp from 'sharp';
import { decisionOf, type TrackHistory } from '../../src/carry/track/frame-decision.ts';
import { carryingFigures } from '../../src/report/carrying-figures.ts';
import { faceFigures } from '../../src/report/face-figures.ts';
import type { FaceFrames } from '../../src/report/face-frames.ts';
import type { FaceSheet } from '../../src/report/face-sheet.ts';
import { flickerFigures } from '../../src/report/flicker-figures.ts';
import type { Report } from '../../src/report/report.ts';
import type { ReportPage } from '../../src/report/report-page.ts';
import { reelFacts, tracksFileOf } from '../../src/report/tracks-file.ts';
import { detail } from '../../src/restore/detail.ts';
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
  counts: { detector: { sweep: 10, identity: 6 }, landmarker: { follow: 112 }, recogniser: { identity: 6 } },
});

/** A face that was restored from frame 3 to 60, but for a flash at frame 30; small at its end. */
export const FACES: FaceFrames = {
  track: 't1',
  restored: Array.from({ length: 57 }, (_, k) => k + 3)
    .filter((frame) => frame !== 30)
    .map((frame) => ({
      frame,
      luma: [0.4 + 0.01 * Math.sin(frame), 0.41 + 0.008 * Math.sin(frame)],
      sharpness: [1.5, 2.5 + 0.1 * Math.cos(frame)],
      flicker: frame % 2 ? [1.2, 0.8] : null,
      change: frame === 12 ? 9 : 3,
      strength: frame > 55 ? 0.6 : 1,
      ...(frame > 55 ? { limit: 'small' } : {}),
      averaged: 8,
      dirt: 0.02,
      gate: frame === 20 ? 0.02 : 0.7,
      blur: 1.4,
      grain: [null, 0.01, frame % 2 ? 0.02 : null, frame === 20 ? 0.1 : 0.03],
    })),
  refused: [{ frame: 30, reason: 'flash' }],
  likeness: [
    { frame: 10, before: 0.62, after: 0.66 },
    { frame: 40, before: 0.6, after: 0.66 },
  ],
};

const HISTORY: TrackHistory = {
  id: 't1',
  decisions: Array.from({ length: 57 }, (_, k) => ({
    ...decisionOf(k % 3 === 0 ? 'age' : 'skip'),
    disagreement: k % 3 === 0 && k > 0 ? 0.01 : null,
  })),
  audits: [{ frame: 25, rigid: 0.004, lips: 0.01, lids: 0.008, cosine: 0.98 }],
  limitHalvings: 0,
  motion: { weave: 0.31, camera: 0.04, head: 1.26 },
};

export const REPORT: Report = {
  format: 'reelmend-report/1',
  version: '0.1.0',
  finished: '2026-11-23T10:11:12.000Z',
  job: '34'.repeat(32),
  reel: reelFacts(reel),
  preset: { name: 'restore', hash: 'ab'.repeat(32) },
  restorer: 'replace',
  device: { name: 'cpu', reason: 'No graphics adapter was found.' },
  frames: {
    in: 100,
    out: 100,
    restored: 87,
    untouched: 12,
    isolated: [{ frame: 95, name: 'scan.1096.dpx', reason: 'cut off at 40 % of its length' }],
  },
  inference: { ...TRACKS.inference, restorer: { whole: 87, part: 0, skipped: 0 } },
  everyFrame: { detector: 100, landmarker: 112, recogniser: 112 },
  seconds: { tracking: 8.4, rendering: 65.2 },
  peakMemoryMiB: 512.4,
  takes: [
    { shot: 0, in: 0, out: 60, device: 'cpu', sha256: 'cd'.repeat(32), redone: true },
    { shot: 1, in: 60, out: 100, device: 'cpu', sha256: 'ef'.repeat(32), redone: false },
  ],
  faces: { t1: faceFigures(FACES) },
  carrying: { t1: carryingFigures(3, 3, HISTORY) },
  flicker: { t1: { ...flickerFigures(FACES.restored) } },
  audit: null,
  outputs: [{ path: '/film/restored', sha256: '12'.repeat(32), frames: 100 }],
  networks: [
    {
      id: 'arcface-w600k-r50',
      title: 'ArcFace of WebFace600K, ResNet-50',
      task: 'recognise',
      sha256: '7'.repeat(64),
      licence: 'non-commercial research',
      use: 'non-commercial',
      accepted: '2026-03-01',
    },
  ],
  notes: ['The reel says nothing of its colour; Rec. 709 was assumed.'],
};

/** A face of 32 × 18 pixels whose five steps are one picture. */
async function sheetOf(picture: Buffer): Promise<FaceSheet> {
  const jpeg = (await sharp(picture).jpeg().toBuffer()).toString('base64');
  const layers = { plate: jpeg, repaired: jpeg, restored: jpeg, matte: jpeg, gate: jpeg };
  return { track: 't1', kind: 'changed', frame: 12, value: 9, width: 32, height: 18, layers };
}

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
          identitySamples: [
            { frame: 3, similarity: 0.74 },
            { frame: 27, similarity: 0.69 },
            { frame: 51, similarity: 0.71 },
          ],
          threshold: 0.5,
          decisions: HISTORY.decisions,
          audits: HISTORY.audits,
          motion: HISTORY.motion,
          faces: FACES,
          reasons: detail.words.reasons,
          sheets: [await sheetOf(shot)],
        },
      ],
    ]),
  };
}
