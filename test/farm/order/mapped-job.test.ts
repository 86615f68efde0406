import { describe, expect, it } from 'vitest';
import { mappedJob, mappedReel } from '../../../src/farm/order/mapped-job.ts';
import type { FolderReel, MovieReel } from '../../../src/film/reel.ts';
import { sampleFormat } from '../../../src/film/sample-format.ts';
import type { RestoreJob } from '../../../src/pipeline/job.ts';

const MAPS = [{ from: '/mnt/nas', to: '/data/here' }];

/** A job with every field that a job can have, each path in the mapped folder: a new field is missing here until it is decided on. */
const JOB: Required<RestoreJob> = {
  reel: '/mnt/nas/reel',
  out: '/mnt/nas/out',
  report: '/mnt/nas/report',
  shots: '/mnt/nas/shots.edl',
  overrides: '/mnt/nas/overrides.json',
  ffmpeg: '/mnt/nas/bin/ffmpeg',
  mattes: '/mnt/nas/mattes',
  patches: '/mnt/nas/patches',
  tracks: '/mnt/nas/tracks',
  mastersFolder: '/mnt/nas/masters',
  preset: '/mnt/nas/mine.json',
  masters: ['prores-422-hq', '/mnt/nas/master.json'],
  models: { detector: '/mnt/nas/detector.json', landmarker: 'facemesh-468', recogniser: '/mnt/nas/recogniser.json' },
  settings: {
    'enhance.model': '/mnt/nas/enhancer.json',
    'masking.models': ['/mnt/nas/masker.json', 'xseg'],
    'detail.strength': 0.5,
  },
  acceptLicence: ['gfpgan-1.4'],
  references: [{ name: 'anna', paths: ['/mnt/nas/anna/1.jpg', '/mnt/nas/anna/more'], frames: [3] }],
  find: [{ name: 'berta', paths: ['/mnt/nas/berta'] }],
  authorisation: {
    file: '/mnt/nas/record.json',
    sha256: '0'.repeat(64),
    format: 'reelmend-authorisation/1',
    people: [{ name: 'anna', shown: 'Berta', putIn: 'Anna' }],
    allowedBy: 'Anna',
    purpose: 'a test',
    until: '2099-01-01',
  },
  verifyReel: true,
  reuse: true,
  device: 'cpu',
  range: { first: 1, last: 2 },
  transfer: 'log',
  rate: { num: 24, den: 1 },
  layer: 'beauty',
  allowGaps: true,
  cache: true,
  restorer: 'repair',
  faces: 'cast',
  except: true,
  grain: 'own',
  codec: 'ffv1',
  as: 'dpx',
  startNumber: 1001,
  declare: true,
  patchAlpha: 'premultiplied',
  keepWork: true,
  redo: true,
  each: true,
  maxIsolated: 0.01,
};

const PICTURE = {
  path: '/mnt/nas/reel',
  width: 64,
  height: 48,
  rate: { num: 24, den: 1 },
  frames: 2,
  first: 1,
  format: sampleFormat('gbrp'),
  pixelFormat: 'gbrp',
  colour: { range: 'pc' } as FolderReel['colour'],
  transfer: 'rec709',
  damaged: new Map([[1, 'it is cut off']]),
  notes: ['read from a test'],
} as const;

describe('the job of another machine', () => {
  it('has every path as it is here, and all else as it was', () => {
    const job = mappedJob(JOB, MAPS);
    expect(JSON.stringify(JOB).match(/\/mnt\/nas/g)).toHaveLength(20);
    expect(JSON.parse(JSON.stringify(JOB).replaceAll('/mnt/nas', '/data/here'))).toEqual(
      JSON.parse(JSON.stringify(job)),
    );
  });

  it('names no path of the other machine', () => {
    expect(JSON.stringify(mappedJob(JOB, MAPS))).not.toContain('/mnt/nas');
  });

  it('keeps what is not given not given', () => {
    const { shots: _, report: __, ...job } = JOB;
    expect(mappedJob({ ...job, mattes: undefined }, MAPS)).toEqual({
      ...(mappedJob(JOB, MAPS) as unknown as Record<string, unknown>),
      ...{ shots: undefined, report: undefined, mattes: undefined },
    });
  });

  it('is the same where nothing is mapped', () => {
    expect(mappedJob(JOB, [])).toBe(JOB);
  });
});

describe('the reel of another machine', () => {
  it('has its folder and its files as they are here', () => {
    const reel: Required<FolderReel> = {
      ...PICTURE,
      kind: 'folder',
      still: 'dpx',
      files: ['/mnt/nas/reel/1.dpx', null],
      unpacked: true,
      stored: [
        { width: 64, height: 48, orientation: 1 },
        { width: 64, height: 48, orientation: 1 },
      ],
      timecode: '01:00:00:00',
      pixelAspect: { num: 1, den: 1 },
      layer: 'beauty',
    };
    expect(mappedReel(reel, MAPS)).toEqual({
      ...reel,
      path: '/data/here/reel',
      files: ['/data/here/reel/1.dpx', null],
    });
  });

  it('has its movie as it is here', () => {
    const reel: Required<MovieReel> = {
      ...PICTURE,
      kind: 'movie',
      container: 'mov',
      codec: 'prores',
      wholePackets: { profile: 'HQ' },
      times: [0, 1],
      timeBase: { num: 1, den: 24 },
      lastDuration: 1,
      byPlace: true,
      timecode: '01:00:00:00',
      pixelAspect: { num: 1, den: 1 },
      fields: 'progressive',
      hdr10: {} as MovieReel['hdr10'] & object,
      audioStreams: 1,
      subtitleStreams: 0,
      stored: { width: 64, height: 48, orientation: 1 },
      displayMatrix: [1, 0, 0],
    };
    expect(mappedReel(reel, MAPS)).toEqual({ ...reel, path: '/data/here/reel' });
  });
});
