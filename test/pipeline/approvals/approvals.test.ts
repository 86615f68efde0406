import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256Of } from '../../../src/disk/sha256.ts';
import { shownPackets } from '../../../src/media/ffmpeg/packet-hashes.ts';
import { closeApprovals } from '../../../src/pipeline/approvals/close-approvals.ts';
import { makeDevelopmentCertificate } from '../../../src/pipeline/credentials/development-certificate.ts';
import { pemSigner, signOutput } from '../../../src/pipeline/credentials/sign-output.ts';
import { verifyOutput } from '../../../src/pipeline/verify/verify.ts';
import type { DecisionBody, DecisionTarget } from '../../../src/review/api.ts';
import { openDecisions } from '../../../src/review/decisions.ts';
import { ffmpeg, make } from '../../media/lavfi.ts';
import { drawnLog, logText } from '../credentials/drawn-log.ts';

const folder = await mkdtemp(join(tmpdir(), 'reelmend-approvals-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const OUT = at('restored.mkv');
const REPORT = `${OUT}.report`;
const APPROVALS = join(REPORT, 'approvals.jsonl');
const LATER = 60_000;
const TRACK: DecisionTarget = { scope: 'track', track: 'a' };

await make('-f lavfi -i testsrc2=s=160x96:r=10 -t 0.5 -c:v ffv1', OUT);
const frames = (await shownPackets(OUT, ffmpeg)).map((sha256, frame) => ({ frame, sha256 }));

/** Writes the log of the output, as of a run that ended at `written`, ms, and rendered its one take by `key`. */
async function logged(written: number, key: string): Promise<void> {
  const log = drawnLog('restored.mkv', 'movie', sha256Of(await readFile(OUT)), frames);
  const header = { ...log.header, written: new Date(written).toISOString() };
  const takes = log.takes.map((take) => ({ ...take, key: key.repeat(64) }));
  await writeFile(join(REPORT, 'edit-log.jsonl'), logText({ ...log, header, takes }));
}

/** Has a review decide; answers the decision's line of the file. */
async function decide(who: string, body: DecisionBody, more: { target?: DecisionTarget; note?: string } = {}) {
  await using decisions = await openDecisions(join(REPORT, 'review'));
  const { target = TRACK, ...note } = more;
  const added = await decisions.add({ seen: decisions.list().length, who, target, body, ...note });
  if (!('decision' in added)) throw new Error('Nobody else decides here.');
  return added.decision;
}

const verify = () => verifyOutput({ out: OUT }, new AbortController().signal);
const said = (sentences: readonly string[]) => sentences.filter((one) => /^(Approved|Not) /.test(one));

beforeEach(async () => {
  await rm(REPORT, { recursive: true, force: true });
  await rm(`${OUT}.c2pa`, { force: true });
  await mkdir(REPORT);
  await writeFile(join(REPORT, 'tracks.json'), JSON.stringify({ shots: [{ in: 0, out: 5 }] }));
  await logged(Date.now() - LATER, '1');
});

describe('what a review approved of an output', () => {
  it('is told as not bound until something binds it, and then with who, when and why', async () => {
    const { when } = await decide('Anna', { what: 'approve' }, { note: 'as in 1931' });
    expect(said((await verify()).proved)).toEqual([
      `Not bound to this output yet: the approval of track "a" by Anna (${when}). "reelmend sign" binds it.`,
    ]);
    await closeApprovals(REPORT);
    await closeApprovals(REPORT);
    expect(await verify()).toMatchObject({
      faults: [],
      proved: expect.arrayContaining([`Approved as it is: track "a", by Anna (${when}): "as in 1931".`]),
    });
    expect((await readFile(APPROVALS, 'utf8')).split('\n')).toHaveLength(3);
  });

  it('may be a shot or the reel', async () => {
    const shot = await decide('Anna', { what: 'approve' }, { target: { scope: 'shot', shot: 0 } });
    const reel = await decide('Berta', { what: 'approve' }, { target: { scope: 'reel' } });
    await closeApprovals(REPORT);
    expect(said((await verify()).proved)).toEqual([
      `Approved as it is: shot 1, by Anna (${shot.when}).`,
      `Approved as it is: the reel, by Berta (${reel.when}).`,
    ]);
  });

  it('does not hold for frames that were rendered anew after it, which are named', async () => {
    const { when } = await decide('Anna', { what: 'approve' });
    await closeApprovals(REPORT);
    await logged(Date.now() + LATER, '1');
    expect((await verify()).faults).toEqual([]);
    await logged(Date.now() + LATER, '2');
    expect((await verify()).faults).toEqual([
      `The approval of track "a" by Anna (${when}) does not hold for frames 1 to 5: they were rendered anew after it.`,
    ]);
  });

  it('is not taken for an approval of an output that was made after it', async () => {
    const { when } = await decide('Anna', { what: 'approve' });
    await logged(Date.now() + LATER, '2');
    await closeApprovals(REPORT);
    expect((await verify()).faults).toEqual([
      `The approval of track "a" by Anna (${when}) was given for an output before this one, and nothing tells for which frames.`,
    ]);
  });

  it('is not approved any more once it was undone or rejected, and is again when that was undone', async () => {
    const approval = await decide('Anna', { what: 'approve' });
    await closeApprovals(REPORT);
    const undoing = await decide('Berta', { what: 'undo', of: approval.id });
    expect(said((await verify()).proved)).toContain('Not approved any more, and not bound yet: track "a".');
    await closeApprovals(REPORT);
    expect(await verify()).toMatchObject({ faults: [] });
    expect(said((await verify()).proved)).toEqual([]);
    await decide('Anna', { what: 'undo', of: undoing.id });
    await closeApprovals(REPORT);
    expect(said((await verify()).proved)).toEqual([`Approved as it is: track "a", by Anna (${approval.when}).`]);
    await decide('Berta', { what: 'reject' });
    await closeApprovals(REPORT);
    expect(said((await verify()).proved)).toEqual([]);
  });

  it('is found to be tampered with, and nothing is added to it then', async () => {
    await decide('Anna', { what: 'approve' });
    await decide('Anna', { what: 'approve' }, { target: { scope: 'reel' } });
    await closeApprovals(REPORT);
    const text = await readFile(APPROVALS, 'utf8');
    await writeFile(APPROVALS, text.replace('Anna', 'Emma'));
    const fault = 'Line 2 was changed after line 3 was written: it is not the line whose hash line 3 holds.';
    expect((await verify()).faults).toContain(`Of the approvals: ${fault}`);
    await decide('Berta', { what: 'approve' }, { target: { scope: 'shot', shot: 0 } });
    await expect(closeApprovals(REPORT)).rejects.toThrow(
      `"${APPROVALS}" does not hold: ${fault} Nothing is added to it. Restore it from a copy, or move it away to begin anew.`,
    );
  });

  it('does not hold where its decision was changed since', async () => {
    const { when } = await decide('Anna', { what: 'approve' });
    await closeApprovals(REPORT);
    const decisions = join(REPORT, 'review', 'decisions.jsonl');
    await writeFile(decisions, (await readFile(decisions, 'utf8')).replace('"a"', '"b"'));
    expect((await verify()).faults).toContain(
      `The approval of track "a" by Anna (${when}) is no decision of the review any more: its line was changed or removed.`,
    );
  });

  it('is signed with the output; lines that are gone are missed, and later ones are not', async () => {
    const { when } = await decide('Anna', { what: 'approve' });
    const { certificate, key } = await makeDevelopmentCertificate(at('certificate'));
    await signOutput(OUT, undefined, await pemSigner(certificate, key));
    await decide('Berta', { what: 'approve' }, { target: { scope: 'reel' } });
    await closeApprovals(REPORT);
    expect(await verify()).toMatchObject({
      faults: [],
      proved: expect.arrayContaining([`Approved as it is: track "a", by Anna (${when}).`]),
    });
    const [first = ''] = (await readFile(APPROVALS, 'utf8')).split(/(?<=\n)/);
    await writeFile(APPROVALS, first);
    expect((await verify()).faults).toEqual([
      'The approvals are not those that were signed: lines of theirs are others, or are gone.',
    ]);
  });
});
