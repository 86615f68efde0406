import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND } from '../e2e/command.ts';
import { drawnLine } from '../log/drawn-line.ts';
import { ended } from './captured-io.ts';

let folder: string;
const at = (name: string) => join(folder, name);

const reel = '/scans/r1';
const NIGHT = [
  drawnLine('2026-03-02T22:00:00.000Z', { code: 'RUN_STARTED', labels: { reel, command: 'restore' } }),
  drawnLine('2026-03-02T22:59:59.999Z', {
    code: 'E_FRAME_DAMAGED',
    labels: { reel, frame: 1006 },
    counts: { frames: 1 },
    reason: 'scan.1006.dpx is cut off',
  }),
  drawnLine('2026-03-02T23:00:05.000Z', {
    code: 'TAKE_RENDERED',
    labels: { reel, shot: 1, take: '1001-1048', device: 'NVIDIA H200 (Vulkan)', gpu: 0 },
    counts: { frames: 48, restored: 40 },
    seconds: 5.25,
  }),
];
const OTHER = [
  // Told again by a run that went on: it is one frame.
  drawnLine(
    '2026-03-02T23:00:01.000Z',
    {
      code: 'E_FRAME_DAMAGED',
      labels: { reel, frame: 1006 },
      counts: { frames: 1 },
      reason: 'scan.1006.dpx is cut off',
    },
    'render-02',
  ),
  drawnLine(
    '2026-03-02T23:30:00.000Z',
    {
      code: 'TAKE_COPIED',
      labels: { reel, shot: 2, take: '1049-1100' },
      counts: { frames: 52, restored: 0 },
      seconds: 0.5,
    },
    'render-02',
  ),
  drawnLine(
    '2026-03-02T23:40:00.000Z',
    {
      code: 'E_RUN_FAILED',
      labels: { reel },
      counts: { exit: 1 },
      seconds: 2400,
      error: new RangeError('too far\nby much'),
    },
    'render-02',
  ),
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-cli-logs-'));
  await writeFile(at('render-01.log'), NIGHT.join(''));
  await writeFile(at('render-02.log'), OTHER.join(''));
});
afterAll(() => rm(folder, { recursive: true }));

describe('reelmend logs', () => {
  it('lists the events of all machines in the order of their times', async () => {
    expect(await ended(['logs', folder])).toEqual({
      code: 0,
      stderr: '',
      stdout: `2026-03-02 22:00:00.000Z  render-01  info   RUN_STARTED  r1  A command began its work on a reel.
2026-03-02 22:59:59.999Z  render-01  warn   E_FRAME_DAMAGED  r1 frame 1006  frames 1  scan.1006.dpx is cut off
2026-03-02 23:00:01.000Z  render-02  warn   E_FRAME_DAMAGED  r1 frame 1006  frames 1  scan.1006.dpx is cut off
2026-03-02 23:00:05.000Z  render-01  info   TAKE_RENDERED  r1 shot 1 take 1001-1048 gpu 0 NVIDIA H200 (Vulkan)  frames 48, restored 40, 5.25 s  A take was rendered.
2026-03-02 23:30:00.000Z  render-02  info   TAKE_COPIED  r1 shot 2 take 1049-1100  frames 52, restored 0, 0.50 s  A take in which nothing is restored was copied.
2026-03-02 23:40:00.000Z  render-02  error  E_RUN_FAILED  r1  exit 1, 2400.00 s  RangeError: too far …
`,
    });
  });

  it('gives the lines as they were written to programs', async () => {
    const { stdout } = await ended(['logs', at('render-01.log'), '--frame', '1006', '--json']);
    expect(stdout).toBe(NIGHT.slice(1).join(''));
  });

  it('sums up by code and device, by hour, and the share of faulty frames', async () => {
    expect((await ended(['logs', at('render-01.log'), at('render-02.log'), '--summary'])).stdout).toBe(
      `code             level  host       device  events  frames   mean s
E_FRAME_DAMAGED  warn   render-01  –            1       1        –
E_FRAME_DAMAGED  warn   render-02  –            1       1        –
E_RUN_FAILED     error  render-02  –            1       –  2400.00
RUN_STARTED      info   render-01  –            1       –        –
TAKE_COPIED      info   render-02  –            1      52     0.50
TAKE_RENDERED    info   render-01  gpu 0        1      48     5.25

hour (UTC)     events  warnings  errors  frames finished
2026-03-02 22       2         1       0                0
2026-03-02 23       4         1       1              100

Passed through because of a fault: 1 of 100 finished frames (1.00 %).
`,
    );
  });

  it('sums up for programs', async () => {
    const { stdout } = await ended(['logs', folder, '--summary', '--json', '--gpu', '0']);
    expect(JSON.parse(stdout)).toEqual({
      codes: [
        {
          ...{ code: 'TAKE_RENDERED', level: 'info', host: 'render-01', device: 'gpu 0' },
          ...{ events: 1, frames: 48, seconds: 5.25 },
        },
      ],
      hours: [{ hour: '2026-03-02T23', events: 1, warnings: 0, errors: 0, frames: 48 }],
      frames: 48,
      isolated: 0,
    });
  });

  it('says where nothing answers, and what is damaged', async () => {
    await writeFile(at('torn.log'), `${NIGHT[0]}torn\ntorn\n`);
    expect(await ended(['logs', at('torn.log'), '--summary', '--level', 'error'])).toEqual({
      code: 0,
      stdout: 'No event answers this.\n',
      stderr: `Note: "${at('torn.log')}": 2 lines are damaged.\n`,
    });
    await rm(at('torn.log'));
  });

  it('refuses what is no log with exit code 2', async () => {
    expect(await ended(['logs', at('none')])).toEqual({
      code: 2,
      stdout: '',
      stderr: `reelmend: There is no log "${at('none')}". Give a file that --log wrote, or a folder of such files.\n`,
    });
  });

  it('stops when nobody reads any more', async () => {
    // Longer than a pipe holds: whoever went on writing would read all of it.
    await writeFile(at('long.log'), NIGHT.join('').repeat(100_000));
    const script = `"${process.execPath}" "${COMMAND}" logs "${at('long.log')}" | head -1`;
    const started = performance.now();
    const { stdout } = await promisify(execFile)('bash', ['-c', script]);
    const first = performance.now() - started;
    expect(stdout).toContain('RUN_STARTED');
    await promisify(execFile)('bash', ['-c', `${script.replace('head -1', 'tail -1')}`]);
    expect(first).toBeLessThan(0.5 * (performance.now() - started - first));
    await rm(at('long.log'));
  }, 60_000);
});
