// As busy as a slot can be: argv[2] threads of JavaScript beside an encoder, for as many seconds as argv[3] says.
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';

const [threads, seconds] = process.argv.slice(2).map(Number);
const spin = `const end = Date.now() + ${seconds * 1000}; while (Date.now() < end);`;
const encode = [
  '-v',
  'error',
  '-f',
  'lavfi',
  '-i',
  'testsrc2=s=1280x720:r=24',
  '-t',
  '600',
  '-c:v',
  'ffv1',
  '-f',
  'null',
  '-',
];
const encoder = promisify(execFile)('ffmpeg', encode, { timeout: seconds * 1000 }).catch(() => {});
const workers = Array.from({ length: threads }, () => new Worker(spin, { eval: true }));
await Promise.all([encoder, ...workers.map((worker) => new Promise((ended) => worker.once('exit', ended)))]);
process.stdout.write(`${availableParallelism()}`);
