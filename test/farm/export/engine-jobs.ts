import { join } from 'node:path';
import type { EngineJob } from '../../../src/farm/export/engine-job.ts';
import { STAND_INS } from './engine-tools.ts';

/** A job of five spans and three parts, done by the stand-in, with what shells and format strings might stumble over. */
export const JOB: EngineJob = {
  name: 'Newsreel №7 {{1938}}',
  orderPath: "/mnt/nas/it's $HOME/out.work/farm/order.json",
  roots: ['/mnt/nas/scan {{A}}', "/mnt/nas/it's $HOME"],
  spans: 5,
  parts: 3,
  program: [join(STAND_INS, 'reelmend')],
  maps: [],
  resources: { gpus: 0, cpus: null, memoryGib: null, hours: null },
};

/** All that may be asked for. */
export const LARGE: EngineJob = {
  ...JOB,
  maps: ['/mnt/nas=/data/$(nas)'],
  resources: { gpus: 2, cpus: 8, memoryGib: 24.5, hours: 1.5 },
};

/** The steps of `JOB`, in order, where none fails. */
export const STEPS = [
  'track 0/3',
  'track 1/3',
  'track 2/3',
  'cast 0/1',
  'take 0/3',
  'take 1/3',
  'take 2/3',
  'conform 0/1, passing what is missing',
];
