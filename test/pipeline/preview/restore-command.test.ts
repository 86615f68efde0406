import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addReelOptions, collect, inspectRequest } from '../../../src/cli/reel-options.ts';
import { restoredPath, restoreWords, shellLine } from '../../../src/pipeline/preview/restore-command.ts';
import { asFlag } from '../../../src/pipeline/request/field-name.ts';
import { parsePreview, parseRestore } from '../../../src/pipeline/request/parse-request.ts';
import { reelOf } from '../reel-of.ts';

let folder: string;
let still: string;
beforeAll(async () => {
  // A path that a shell would take apart.
  folder = await mkdtemp(join(tmpdir(), "reelmend it's $HOME "));
  still = join(folder, 'a=b "c".png');
  await writeFile(still, 'not yet looked at');
});
afterAll(() => rm(folder, { recursive: true }));

/** The words as a POSIX shell hands them over. */
async function throughShell(line: string): Promise<string[]> {
  const script = `for word in ${line}; do printf '%s\\0' "$word"; done`;
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', script]);
  return stdout.split('\0').slice(0, -1);
}

/** What the flags of a command come to. */
function parsed(words: readonly string[]) {
  const command = addReelOptions(new Command().exitOverride().argument('<reel>'))
    .requiredOption('--out <path>')
    .option('--reference <stills>', '', collect)
    .option('--restorer <name>')
    .option('--faces <which>')
    .option('--grain <kind>', '', 'own')
    .parse([...words.slice(2)], { from: 'user' });
  const options = command.opts();
  const { out, reference, restorer, faces, grain, ...given } = options;
  const request = inspectRequest(command.args[0] as string, { set: [], find: [], ...given } as never);
  return parseRestore({ ...request, out, references: reference, restorer, faces, grain }, asFlag);
}

describe('the command that restores a reel as a version of its preview shows it', () => {
  it('comes through a shell and the parser as the job that the preview was made by', async () => {
    const overrides = join(folder, 'mine.json');
    const job = parsePreview({
      reel: join(folder, 'scan #1'),
      references: [`anna=${still}`, 'anna=reel:1043,1077', `otto=${still}`],
      find: [`otto=${still}`],
      settings: { 'takes.lostDevice': 'stop' },
      vary: { 'detail.strength': [0.5, 0.8], restorer: ['repair', 'detail'] },
      faces: 'all',
      grain: 'none',
      reuse: false,
      overrides,
      shots: join(folder, 'cuts.edl'),
      transfer: 'log',
      rate: '23.976',
      layer: 'beauty light',
      allowGaps: true,
      verifyReel: true,
      cache: false,
      device: 'cpu',
      models: { detector: 'blazeface-back' },
      range: '1001-1048',
    });
    expect(job.versions).toHaveLength(4);
    for (const version of job.versions) {
      const words = restoreWords(job, version, join(folder, 'out'));
      expect(await throughShell(shellLine(words))).toEqual(words);
      const found = parsed(words);
      const { versions: _v, shot: _s, every: _e, out: _o, range: _r, ...expected } = job;
      expect(found.out).toBe(join(folder, 'out'));
      expect(found).toMatchObject({
        ...expected,
        range: undefined,
        restorer: version.restorer,
        settings: { ...job.settings, ...version.settings },
      });
    }
  });

  it('states nothing that is so by default, and has an output beside the preview', () => {
    const job = parsePreview({ reel: '/film/scan', out: '/work/scan.preview' });
    const reel = reelOf();
    expect(shellLine(restoreWords(job, { settings: {} }, restoredPath(job.out, reel)))).toBe(
      'reelmend restore /film/scan --out /work/scan-restored',
    );
    expect(restoredPath('/work/a', { ...reel, kind: 'movie' } as never)).toBe('/work/a-restored.mkv');
  });
});
