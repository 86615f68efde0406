import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedList, chosenShots, framesToTrack } from '../../../src/pipeline/analysis/chosen-shots.ts';
import type { PersonStills } from '../../../src/pipeline/job.ts';
import { RESTORERS } from '../../../src/restore/restorers.ts';
import { loadPreset } from '../../../src/settings/preset.ts';
import { reelOf } from '../reel-of.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-chosen-'));
});
afterAll(() => rm(folder, { recursive: true }));

const ANNA: PersonStills = { name: 'anna', paths: ['anna.png'] };
const WHOLE = { in: 0, out: 100 };

/** What a list of these lines chooses of frames 1001 to 1100. */
async function chosen(lines: readonly string[], references = [ANNA], range = WHOLE) {
  const shots = join(folder, 'list.csv');
  await writeFile(shots, lines.join('\n'));
  const preset = await loadPreset('restore', RESTORERS);
  return chosenShots(
    await askedList({ shots }),
    { references, find: [], settings: {} },
    { reel: reelOf(), range, preset },
  );
}

const faultOf = async (made: Promise<unknown>): Promise<string> =>
  ((await made.catch((error: unknown) => error)) as Error).message.replaceAll(folder, '…');

describe('the shots that a list chooses', () => {
  it('are all where there is no list', async () => {
    const preset = await loadPreset('restore', RESTORERS);
    const job = { references: [], find: [], settings: {} };
    const { chosen } = await chosenShots(await askedList({}), job, { reel: reelOf(), range: WHOLE, preset });
    expect(chosen).toBeNull();
    expect(framesToTrack(chosen, WHOLE)).toEqual([WHOLE]);
  });

  it('have a restorer, a preset and a person of their own', async () => {
    const { chosen: shots, notes } = await chosen([
      'name,in,out,restorer,preset,cast',
      'a,1001,1010,detail,strict,anna',
      'b,1051,1100,,,nobody',
    ]);
    expect(shots).toEqual([
      { name: 'a', in: 0, out: 10, restorer: 'detail', preset: await loadPreset('strict', RESTORERS), cast: 'anna' },
      { name: 'b', in: 50, out: 100, cast: null },
    ]);
    expect(notes.map((note) => note.replace(folder, '…'))).toEqual([
      'Shot list "…/list.csv" chooses 2 shots with 60 of 100 frames; the other frames are passed through.',
    ]);
    expect(framesToTrack(shots, WHOLE)).toEqual([
      { in: 0, out: 22 },
      { in: 38, out: 100 },
    ]);
  });

  it('are cut to the range that was asked for', async () => {
    const range = { in: 5, out: 60 };
    const { chosen: shots } = await chosen(['name,in,out', 'a,1001,1010', 'b,1051,1100'], [], range);
    expect(shots).toEqual([
      { name: 'a', in: 5, out: 10 },
      { name: 'b', in: 50, out: 60 },
    ]);
    expect(await faultOf(chosen(['in,out', '1001,1010'], [], { in: 50, out: 60 }))).toBe(
      'Shot list "…/list.csv": none of its shots has a frame in --range. Leave --range out, or widen it.',
    );
  });

  it.each([
    ['restorer', 'detial', 'there is no restorer "detial". Did you mean "detail"?'],
    ['cast', 'ana', 'nobody called "ana" was given. Did you mean "anna"?'],
    ['cast', 'otto', 'nobody called "otto" was given. Known are: anna.'],
  ])('may not name what is not there: %s %s', async (column, value, fault) => {
    expect(await faultOf(chosen([`in,out,${column}`, `1001,1010,${value}`]))).toBe(
      `Shot list "…/list.csv", line 2: ${fault}`,
    );
  });

  it('may not ask for stills that nobody gave', async () => {
    expect(await faultOf(chosen(['in,out,restorer', '1001,1010,detail'], []))).toBe(
      'Shot list "…/list.csv", line 2: the restorer "detail" needs the face to restore with. Add --reference and a still, or a folder of stills, of the actor.',
    );
  });

  it('may not have a preset that tracks otherwise', async () => {
    const file = join(folder, 'mine.json');
    const preset = { format: 'reelmend-preset/1', name: 'mine', extends: 'restore' };
    await writeFile(file, JSON.stringify({ ...preset, tracking: { sweepEvery: 5 } }));
    expect(await faultOf(chosen(['in,out,preset', `1001,1010,${file}`]))).toBe(
      'Shot list "…/list.csv", line 2: preset "…/mine.json" differs from the run\'s preset "restore" in "tracking", and tracks depend on that. Let the shot\'s preset extend "restore" and change only casting and restorers, or restore the shot in a run of its own.',
    );
    await writeFile(file, JSON.stringify({ ...preset, casting: { floor: 0.3 }, repair: { window: 1 } }));
    const { chosen: shots } = await chosen(['in,out,preset', `1001,1010,${file}`]);
    expect(shots?.[0]?.preset).toMatchObject({ casting: { floor: 0.3 }, repair: { window: 1 } });
  });

  it('are not read of a file that is not there, or is no list', async () => {
    expect(await faultOf(askedList({ shots: join(folder, 'none.edl') }))).toBe(
      'Shot list "…/none.edl": it cannot be read: no such file. Check the path.',
    );
    expect(await faultOf(askedList({ shots: join(folder, 'none.xml') }))).toBe(
      'Shot list "…/none.xml": the kinds .csv, .edl, .otio are known. Give a file of one of them.',
    );
  });
});
