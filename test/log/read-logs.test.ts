import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { linesOf, logFiles } from '../../src/log/log-files.ts';
import { readLogs } from '../../src/log/read-logs.ts';
import { drawnLine } from './drawn-line.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-logs-'));
});
afterEach(() => rm(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const lineAt = (second: number, frame = second) =>
  drawnLine(new Date(1000 * second).toISOString(), { code: 'E_FRAME_DAMAGED', labels: { frame } });

/** The frames of all lines, in the order in which they come, and what was wrong with the files. */
async function read(paths: readonly string[]) {
  const reading = readLogs(paths);
  const frames: number[] = [];
  for await (const { labels } of reading.lines) frames.push(Number(labels['frame']));
  return { frames, faults: reading.faults().map(({ path, ...fault }) => [path.slice(folder.length + 1), fault]) };
}

describe('logs', () => {
  it('of several files come in the order of their times, rotated and compressed ones too', async () => {
    await writeFile(at('a.log'), lineAt(5) + lineAt(8));
    await writeFile(at('b.log'), lineAt(6) + lineAt(7) + lineAt(9));
    await writeFile(at('a.log.1'), lineAt(3) + lineAt(4));
    await writeFile(at('a.log.2.gz'), Buffer.concat([gzipSync(lineAt(1)), gzipSync(lineAt(2))]));
    await writeFile(at('notes.txt'), 'not a log');
    const files = await logFiles([folder]);
    expect(files).toEqual(['a.log', 'a.log.1', 'a.log.2.gz', 'b.log'].map(at));
    expect(await read(files)).toEqual({ frames: [1, 2, 3, 4, 5, 6, 7, 8, 9], faults: [] });
  });

  it('that are compressed are closed by whoever has read enough of them', async () => {
    const path = at('a.log.1.gz');
    await writeFile(
      path,
      gzipSync(
        randomBytes(6 << 20)
          .toString('base64')
          .replaceAll('+', '\n'),
      ),
    );
    for await (const _ of linesOf(path, () => {})) break;
    const openFiles = async () => {
      const names = await readdir('/proc/self/fd');
      return Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
    };
    await vi.waitFor(async () => expect(await openFiles()).not.toContain(path));
  });

  it('count damaged lines, and lose no whole one to them', async () => {
    const torn = lineAt(2).slice(0, 60);
    await writeFile(at('a.log'), `${lineAt(1)}\n${torn}${lineAt(3)}no json\n{"other":1}\n${lineAt(4)}${torn}`);
    expect(await read([at('a.log')])).toEqual({ frames: [1, 3, 4], faults: [['a.log', { damaged: 4, early: null }]] });
  });

  it('take megabytes without an end of line for one damaged line', async () => {
    await writeFile(at('a.log'), `${lineAt(1)}${'x'.repeat(5 << 20)}\n${lineAt(2)}`);
    expect(await read([at('a.log')])).toEqual({ frames: [1, 2], faults: [['a.log', { damaged: 1, early: null }]] });
  });

  it('that end early give what is there, and say why they end', async () => {
    const whole = gzipSync(lineAt(1) + lineAt(2), { level: 0 });
    await writeFile(at('a.log.gz'), whole.subarray(0, whole.length - 100));
    expect(await read([at('a.log.gz')])).toEqual({
      frames: [1],
      faults: [['a.log.gz', { damaged: 1, early: 'unexpected end of file' }]],
    });
  });

  it('are read as Elasticsearch gives them back, with nested fields', async () => {
    const event = { code: 'E_FRAME_DAMAGED', duration: 5e8 };
    const nested = {
      '@timestamp': '2026-03-02T10:00:00Z',
      event,
      log: { level: 'warn' },
      host: { name: 'h' },
      labels: { frame: '7' },
    };
    await writeFile(at('a.ndjson'), `${JSON.stringify(nested)}\n`);
    const lines = [];
    for await (const line of readLogs([at('a.ndjson')]).lines) lines.push(line);
    expect(lines).toMatchObject([
      { code: 'E_FRAME_DAMAGED', level: 'warn', host: 'h', seconds: 0.5, labels: { frame: '7' } },
    ]);
  });

  it('must be there', async () => {
    await expect(logFiles([at('none.log')])).rejects.toThrow(
      `There is no log "${at('none.log')}". Give a file that --log wrote, or a folder of such files.`,
    );
    await expect(logFiles([folder])).rejects.toThrow(
      `The folder "${folder}" holds no logs: names such as run.log, run.log.1 and run.log.2.gz are read.`,
    );
  });
});
