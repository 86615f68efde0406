/**
 * The main job from end to end on the sample reel: makes the reel and the actor's stills, restores the one with the others, and
 * says where to look. `npm run demo`; everything lands in `out/demo`. Stopped, it goes on where it was; finished, it starts anew.
 */
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { interruption } from '../src/cli/interrupt.ts';
import { run } from '../src/cli/run.ts';
import { makeReel } from './make-reel.ts';
import { makeStills } from './make-stills.ts';
import { DEMO_SHOTS } from './shots.ts';

const folder = resolve('out', 'demo');
const reel = join(folder, 'reel');
const stills = join(folder, 'stills');
const restored = join(folder, 'restored');
const mattes = join(folder, 'mattes');

using stopped = interruption(process.stderr);

await madeOnce(reel, async (draft) => {
  console.log('Drawing the sample reel (10-bit DPX, an old newsreel and six shots) …');
  await makeReel(draft, { shots: DEMO_SHOTS });
});
await madeOnce(stills, async (draft) => {
  console.log('Drawing four stills of its actor …');
  await makeStills(draft);
});

if (existsSync(restored) && !existsSync(`${restored}.work`)) {
  for (const path of [restored, `${restored}.report`, mattes]) await rm(path, { recursive: true, force: true });
}
const args = ['restore', reel, '--out', restored, '--reference', stills, '--mattes', mattes];
console.log(`reelmend ${args.map((arg) => (arg.startsWith(folder) ? relative('.', arg) : arg)).join(' ')}`);
process.exitCode = await run(args, { stdout: process.stdout, stderr: process.stderr, signal: stopped.signal });
if (process.exitCode === 0) {
  console.log(`
Where to look:
  ${pathToFileURL(join(`${restored}.report`, 'index.html')).href}   look here first: before and after, every face step by step, what was left alone and why
  ${relative('.', reel)}/       the plates, worn as film is: scratches, dirt, a splice, grain, weave, a flash
  ${relative('.', restored)}/   the restored frames, same names; those without the face are copies. Flip between the two, say at 1006
  ${relative('.', mattes)}/     where samples may differ: nowhere else do they`);
}

/** Makes a folder under its final name in one step, unless it is there. */
async function madeOnce(path: string, make: (draft: string) => Promise<void>): Promise<void> {
  if (existsSync(path)) return;
  const draft = `${path}.unfinished`;
  await rm(draft, { recursive: true, force: true });
  await make(draft);
  await rename(draft, path);
}
