import { appendFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecisionBody, DecisionRequest } from '../../src/review/api.ts';
import { compileOverrides, compileRequest } from '../../src/review/compile-decisions.ts';
import { replayDecisions } from '../../src/review/decision-state.ts';
import { openDecisions } from '../../src/review/decisions.ts';

let path: string;
beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'reelmend-decisions-'));
});
afterAll(() => rm(path, { recursive: true, force: true }));

const TRACK = { scope: 'track', track: 'f1001' } as const;
const by = (who: string, body: DecisionBody, seen = 1e6): DecisionRequest => ({ seen, who, target: TRACK, body });
const NONE = { format: 'reelmend-overrides/1', cast: [], pins: [], holdouts: [] } as const;

describe('a file of decisions', () => {
  it('gives back what was added, in order, when it is opened again', async () => {
    const folder = join(path, 'again');
    {
      await using file = await openDecisions(folder);
      await file.add(by('ann', { what: 'approve' }));
      await file.add({ ...by('bob', { what: 'note' }), note: 'ümläut\n"quoted"' });
    }
    await using file = await openDecisions(folder);
    expect(file.list().map(({ seq, who, body, note }) => ({ seq, who, body, note }))).toEqual([
      { seq: 1, who: 'ann', body: { what: 'approve' }, note: undefined },
      { seq: 2, who: 'bob', body: { what: 'note' }, note: 'ümläut\n"quoted"' },
    ]);
  });

  it('is mended wherever its last line was cut off, and goes on', async () => {
    const folder = join(path, 'cut');
    const lines = join(folder, 'decisions.jsonl');
    {
      await using file = await openDecisions(folder);
      await file.add(by('ann', { what: 'approve' }));
      await file.add(by('ann', { what: 'reject' }));
    }
    const whole = await readFile(lines);
    const first = whole.indexOf(10) + 1;
    for (let length = first; length < whole.length; length += 7) {
      await writeFile(lines, whole.subarray(0, length));
      await using file = await openDecisions(folder);
      expect(file.list()).toHaveLength(1);
      await file.add(by('bob', { what: 'redo' }));
      expect((await readFile(lines, 'utf8')).split('\n')).toHaveLength(3);
    }
    await writeFile(lines, Buffer.concat([whole, Buffer.alloc(100)]));
    await using file = await openDecisions(folder);
    expect(file.list()).toHaveLength(2);
  });

  it('is refused where a line in its middle is broken, or its last is whole and no decision', async () => {
    const folder = join(path, 'broken');
    const lines = join(folder, 'decisions.jsonl');
    {
      await using file = await openDecisions(folder);
      await file.add(by('ann', { what: 'approve' }));
    }
    const line = await readFile(lines, 'utf8');
    await writeFile(lines, `nonsense\n${line}`);
    await expect(openDecisions(folder)).rejects.toThrow(
      `Decisions "${lines}": line 1 is not decision 1 as this version of Reelmend writes it. A later version or somebody else wrote there: use that version, restore the file from a copy, or move it away to begin anew.`,
    );
    const later = line.replace('"seq":1', '"seq":2').replace('"approve"', '"approve-later"');
    for (const second of [line, later, '{"seq":2}\n']) {
      await writeFile(lines, line);
      await appendFile(lines, second);
      await expect(openDecisions(folder)).rejects.toThrow('line 2 is not decision 2');
      expect(await readFile(lines, 'utf8')).toBe(line + second);
    }
  });

  it('is held by one review at a time, and lies in no folder that is a link', async () => {
    const folder = join(path, 'held');
    {
      await using _held = await openDecisions(folder);
      await expect(openDecisions(folder)).rejects.toThrow(
        `Another review (process ${process.pid}) holds the decisions on this reel. Decide there, or end it and ask again. If you are sure that it no longer runs, delete "${join(folder, 'lock.json')}".`,
      );
    }
    const link = join(path, 'link');
    await symlink(folder, link);
    await expect(openDecisions(link)).rejects.toThrow(
      `Decisions: "${link}" is a link, and decisions would be written where it leads. Put the folder itself there.`,
    );
  });

  it('keeps what two people add at once, and refuses the later of two in one matter that its person has not seen', async () => {
    await using file = await openDecisions(join(path, 'both'));
    const both = await Promise.all([
      file.add(by('ann', { what: 'approve' }, 0)),
      file.add(by('bob', { what: 'reject' }, 0)),
      file.add(by('bob', { what: 'box', frame: 1, box: [1, 2, 3, 4] }, 0)),
    ]);
    expect(both.map((one) => 'conflict' in one)).toEqual([false, true, false]);
    expect(both[1]).toEqual({ conflict: [expect.objectContaining({ who: 'ann', body: { what: 'approve' } })] });
    expect(await file.add(by('bob', { what: 'reject' }, 1))).toHaveProperty('decision.seq', 3);
  });
});

describe('decisions', () => {
  const decided = async (bodies: readonly DecisionBody[], name: string) => {
    await using file = await openDecisions(join(path, name));
    for (const body of bodies) await file.add(by('ann', body));
    return [...file.list()];
  };

  it('come to the last state, and an undone one counts for nothing until that is undone, too', async () => {
    await using file = await openDecisions(join(path, 'undo'));
    const add = async (body: DecisionBody) => {
      const added = await file.add(by('ann', body));
      return 'decision' in added ? added.decision.id : '';
    };
    const state = () => replayDecisions(file.list()).stateOf(TRACK);
    await add({ what: 'approve' });
    const rejected = await add({ what: 'reject' });
    expect(state()).toBe('rejected');
    const undo = await add({ what: 'undo', of: rejected });
    expect(state()).toBe('approved');
    await add({ what: 'undo', of: undo });
    expect(state()).toBe('rejected');
  });

  it('compile to overrides in the reel’s own numbers, over those that the run was given', async () => {
    const decisions = await decided(
      [
        { what: 'cast', as: 'anna' },
        { what: 'cast', as: null },
        { what: 'pin', frame: 2, five: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
        { what: 'holdout', in: 0, out: 3 },
        { what: 'holdout', in: 1, out: 2, box: [5, 6, 7, 8] },
      ],
      'compiled',
    );
    const before = { ...NONE, cast: [{ track: 'f1001', as: 'otto' }], pins: [], holdouts: [] };
    expect(compileOverrides({ ...before, format: 'reelmend-overrides/1' }, decisions, 1001)).toEqual({
      format: 'reelmend-overrides/1',
      cast: [{ track: 'f1001', as: null }],
      pins: [{ frame: 1003, five: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], track: 'f1001' }],
      holdouts: [
        { in: 1001, out: 1003 },
        { in: 1002, out: 1002, box: [5, 6, 7, 8] },
      ],
    });
  });

  it('compile to settings, of which null means what the run had', async () => {
    const decisions = await decided(
      [
        { what: 'setting', name: 'detail.strength', value: 0.5 },
        { what: 'setting', name: 'detail.strength', value: null },
        { what: 'setting', name: 'repair.strength', value: 0.5 },
        { what: 'restorer', restorer: 'repair' },
        { what: 'preset', preset: 'strict' },
        { what: 'still', still: 's1', leftOut: true },
      ],
      'settings',
    );
    const before = { preset: 'restore', settings: { 'detail.strength': 0.9 } };
    expect(compileRequest(before, decisions)).toEqual({
      preset: 'strict',
      restorer: 'repair',
      settings: { 'detail.strength': 0.9, 'repair.strength': 0.5 },
      leftOut: new Set(['s1']),
    });
  });
});
