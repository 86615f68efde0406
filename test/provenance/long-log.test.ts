import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';

const folder = await mkdtemp(join(tmpdir(), 'reelmend-long-log-'));
afterAll(() => rm(folder, { recursive: true }));
const built = (path: string) => JSON.stringify(pathToFileURL(join(packageFolder(), 'dist', 'src', path)).href);

/** Runs a script in a process with so much room for objects, MiB; answers what it writes. */
function within(room: number, script: string): string {
  const args = [`--max-old-space-size=${room}`, '--input-type=module', '-e', script];
  return execFileSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
}

describe('the log of a film of 200,000 altered frames in 2,000 takes', () => {
  const path = join(folder, 'edit-log.jsonl');

  it('is written in 48 MiB, though it has more', () => {
    const size = within(
      48,
      `
      import { statSync } from 'node:fs';
      import { writeTextsDurably } from ${built('disk/durable.js')};
      import { chainTexts } from ${built('provenance/chain.js')};
      import { editLines, EDIT_LOG_FORMAT } from ${built('provenance/edit-log.js')};
      const hash = '0'.repeat(64);
      const header = {
        kind: 'header', format: EDIT_LOG_FORMAT, version: '1.2.3', written: '2026-11-28T00:00:00.000Z', job: hash,
        reel: { name: 'film', print: hash, width: 2048, height: 1556, rate: '24/1', frames: 200000, first: 1, timecode: null, samples: 'gbrp10le' },
        range: { in: 0, out: 200000 }, preset: { name: 'restore', hash },
        output: { name: 'restored', kind: 'folder', sha256: hash, frames: 200000 }, device: 'cpu', networks: [], authorisation: null,
      };
      const treatment = { kind: 'treatment', id: 0, restorer: 'repair', settings: {}, networks: [], stills: [] };
      const matte = { region: [62, 0, 175, 175], pixels: 20000, before: hash, after: hash };
      function* parts() {
        for (let take = 0; take < 2000; take++) {
          const numbers = Array.from({ length: 100 }, (_, k) => take * 100 + k);
          yield {
            take: { kind: 'take', take, in: take * 100, out: take * 100 + 100, key: hash, device: 'cpu', machine: null, damaged: [],
              frames: numbers.map((frame) => ({ frame, name: 'scan.' + frame + '.dpx', sha256: hash })) },
            frames: numbers.map((frame) => ({ kind: 'frame', frame, number: frame + 1, timecode: null, take,
              faces: [{ track: 'a', person: null, treatment: 0, matte }], approved: null })),
          };
        }
      }
      const path = ${JSON.stringify(path)};
      await writeTextsDurably(path, chainTexts(editLines({ header, treatments: [treatment] }, parts())));
      process.stdout.write(String(statSync(path).size));
    `,
    );
    expect(Number(size)).toBeGreaterThan(80 * 2 ** 20);
  });

  it('is read, and its chain proved, without its text in memory', () => {
    const told = within(
      320,
      `
      import { readEditLogFile } from ${built('provenance/read-edit-log.js')};
      const { log, faults } = await readEditLogFile(${JSON.stringify(path)});
      process.stdout.write(JSON.stringify([faults, log.frames.length, log.takes.length]));
    `,
    );
    expect(JSON.parse(told)).toEqual([[], 200_000, 2000]);
  });
});
