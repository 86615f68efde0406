import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { usableCores } from '../../../src/disk/usable-cores.ts';
import { machineCores } from '../../../src/farm/work/machine-cores.ts';
import { slotCommand } from '../../../src/farm/work/slot-command.ts';
import { coresOfSlots } from '../../../src/farm/work/slot-cores.ts';
import { describeJob } from '../../../src/media/ffmpeg/job.ts';

const run = promisify(execFile);

/** Seconds of processors that the ended children of this process took, by proc(5), fields 16 and 17. */
async function childrenTime(): Promise<number> {
  const stat = await readFile('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

describe('the command of a slot', () => {
  it('is bound to one core, whatever it starts: it takes no more than 1.05 of them', async () => {
    const [slot] = coresOfSlots({ ...(await machineCores()), quota: 1 }, 1);
    expect(slot?.processors).toHaveLength(1);
    const script = join(import.meta.dirname, 'busy-slot.mjs');
    const { program, args, env, bound } = await slotCommand(slot ?? expect.fail(), process.execPath, [
      script,
      '3',
      '3',
    ]);
    const [before, started] = [await childrenTime(), performance.now()];
    const { stdout } = await run(program, args, { env: { ...process.env, ...env } });
    const cores = ((await childrenTime()) - before) / ((performance.now() - started) / 1000);
    expect({ bound, parallel: stdout }).toEqual({ bound: true, parallel: '1' });
    expect(cores).toBeLessThanOrEqual(1.05);
    // It was busy, as far as others on this machine let it.
    expect(cores).toBeGreaterThan(0.02);
  }, 30_000);

  it('is only told its cores where there is no taskset', async () => {
    const slot = { count: 2, processors: [0, 1] };
    expect(await slotCommand(slot, 'node', ['slot.js'], '/nowhere')).toEqual({
      ...{ program: 'node', args: ['slot.js'], bound: false },
      env: { REELMEND_CORES: '2' },
    });
    expect((await slotCommand({ count: 2, processors: null }, 'node', [])).bound).toBe(false);
  });
});

describe('cores that a process is told to keep to', () => {
  it('are how many workers it has, and threads each of its ffmpegs', () => {
    const description = {
      name: 'Encoding',
      inputs: [{ source: 'a.mov' }, { source: 'b.mov', options: ['-threads', '3'] }],
      outputs: [{ target: 'c.mov', options: ['-c:v', 'ffv1'] }],
    };
    expect(describeJob('ffmpeg', description).args).not.toContain('1');
    vi.stubEnv('REELMEND_CORES', '1');
    expect(usableCores()).toBe(1);
    expect(describeJob('ffmpeg', description).args.slice(4)).toEqual([
      '-threads',
      '1',
      '-i',
      'a.mov',
      '-threads',
      '3',
      '-i',
      'b.mov',
      '-y',
      '-threads',
      '1',
      '-c:v',
      'ffv1',
      'c.mov',
    ]);
    vi.unstubAllEnvs();
    expect(usableCores()).toBe(availableParallelism());
  });
});
