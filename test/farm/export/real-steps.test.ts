import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageFolder } from '../../../src/disk/package-folder.ts';
import { type ExportRequest, exportOrder } from '../../../src/farm/export/export-order.ts';
import { makeOrder } from '../../../src/farm/order/make-order.ts';
import { orderFiles } from '../../../src/farm/order/order.ts';
import { parseRestore } from '../../../src/pipeline/request/parse-request.ts';
import { COMMAND } from '../../e2e/command.ts';
import { filesOf } from '../../e2e/files-of.ts';
import { jobOf, QUIET } from '../../e2e/job-of.ts';
import { restoreOnThisThread } from '../../e2e/on-this-thread.ts';
import { openScratch, type Scratch } from '../../e2e/scratch.ts';
import { shortTakes } from '../../e2e/short-takes.ts';
import { makeTinyReel } from '../../e2e/tiny-reel.ts';
import { ended, hasTools, standIns, TOOLS_SKIPPED, tool } from './engine-tools.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
/** Frames of a span: two spans in a reel of thirteen frames. */
const SPAN = 7;

let scratch: Scratch;
const at = (...names: string[]) => join(scratch.path, ...names);

beforeAll(async () => {
  scratch = await openScratch('engines');
  process.env['REELMEND_CACHE'] = scratch.cache;
});
afterAll(() => scratch[Symbol.asyncDispose]());

/** Submits a reel of three takes in the folder `disk`, restores it in one process as well, and gives the order's path. */
async function submitted(disk: string): Promise<string> {
  await makeTinyReel(at(disk, 'reel'), 10, 3);
  const preset = await shortTakes(scratch.path, 8);
  const request = (out: string) =>
    jobOf(at(disk, 'reel'), at(disk, out), PORTRAIT, { preset, restorer: 'replace', device: 'cpu' });
  await restoreOnThisThread(request('whole'));
  const { place } = await makeOrder(parseRestore(request('out')), QUIET, SPAN);
  return orderFiles(place.work).order;
}

const request = (asked: Pick<ExportRequest, 'order' | 'engine' | 'program' | 'maps'>): ExportRequest => ({
  ...asked,
  parts: 2,
  resources: { gpus: 0, cpus: null, memoryGib: null, hours: null },
});

it.skipIf(!hasTools)(
  `openjd-cli restores a reel whose folder lies elsewhere on its host, as one process does${TOOLS_SKIPPED}`,
  async () => {
    const order = await submitted('studio');
    const template = at('reel.yaml');
    await writeFile(
      template,
      await exportOrder(request({ order, engine: { kind: 'openjd' }, program: [process.execPath, COMMAND], maps: [] })),
    );
    const whole = await filesOf(at('studio', 'whole'));
    await rename(at('studio'), at('farm'));
    const rule = { source_path_format: 'POSIX', source_path: at('studio'), destination_path: at('farm') };
    const rules = JSON.stringify({ version: 'pathmapping-1.0', path_mapping_rules: [rule] });
    const { code, text } = await tool('openjd', [
      ...['run', template, '--step', 'conform', '--run-dependencies', '-p', 'Parts=3', '-p', 'BackOff=0'],
      ...['--path-mapping-rules', rules],
    ]);
    expect(code, text).toBe(0);
    expect(await filesOf(at('farm', 'out'))).toEqual(whole);
  },
);

it('an engine on which a task of takes always crashes passes them through, and restores the others', async () => {
  const order = await submitted('office');
  const program = at('crashing');
  const crashing = `#!/bin/sh\ncase "$*" in *"--step take --index 1 "*) kill -9 $$ ;; esac\nexec "${process.execPath}" "${COMMAND}" "$@"\n`;
  await writeFile(program, crashing);
  await chmod(program, 0o755);
  await using farm = await standIns();
  const script = join(farm.folder, 'reel.sh');
  await writeFile(
    script,
    await exportOrder(
      request({ order, engine: { kind: 'slurm' }, program: [program], maps: [`${at('office')}=${at('cluster')}`] }),
    ),
  );
  await rename(at('office'), at('cluster'));
  const { code, text } = await ended('bash', [script], farm.env);
  expect(code, text).toBe(0);

  const log = await readFile(join(farm.folder, 'output'), 'utf8');
  expect(log).toContain(
    'Take 1 (5 frames from frame 5 of the reel, counted from 0) was passed through untouched: nobody has rendered it.',
  );
  const [whole, reel, out] = await Promise.all(['whole', 'reel', 'out'].map((name) => filesOf(at('cluster', name))));
  const names = Object.keys(whole ?? {});
  const expected = names.map((name, frame) => [name, (frame >= 5 && frame < 10 ? reel : whole)?.[name]]);
  expect(Object.entries(out ?? {})).toEqual(expected);
});
