import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageFolder } from '../../../src/disk/package-folder.ts';
import { openSlot, SlotEnded } from '../../../src/farm/work/slot.ts';
import type { SlotStep } from '../../../src/farm/work/slot-messages.ts';

const STEP: SlotStep = {
  order: 'none',
  place: { out: '/none', work: '/none', report: '/none' },
  step: { kind: 'conform', index: 0 },
  maps: [],
  copies: [],
};
const HOOKS = { onProgress: () => {}, onEvent: () => {}, mayPublish: async () => true };

/** How a slot ends that comes no further in a stage. A slot is looked at once a second. */
async function ended(stage: string, { beats = true, quiet = 60_000 } = {}): Promise<Error | 'goes on'> {
  const command = {
    program: process.execPath,
    args: [join(packageFolder(), 'test', 'farm', 'work', 'still-slot.mjs')],
    env: { STAGE: stage, BEATS: beats ? '1' : '0' },
    bound: false,
  };
  const limits = { beat: 1000, progress: 500, quiet };
  await using slot = openSlot({ number: 0, of: 1, gpu: undefined, lease: 15_000, command, limits });
  const step = slot.run(STEP, HOOKS).catch((error: Error) => error);
  const waited = new Promise<'goes on'>((resolve) => setTimeout(resolve, 3500, 'goes on'));
  const end = await Promise.race([step as Promise<Error>, waited]);
  slot.kill();
  await step;
  return end;
}

it('a slot that comes no further in a stage that counts frames is ended', async () => {
  expect(await ended('rendering')).toEqual(
    new SlotEnded('hung', 'The process of slot 0 came no further for 1 s and was ended.'),
  );
});

it('a slot that joins takes, which says nothing until it is done, goes on', async () => {
  expect(await ended('conforming')).toBe('goes on');
  expect(await ended('conforming', { quiet: 1000 })).toBeInstanceOf(SlotEnded);
});

it('a slot that does not beat is ended in any stage', async () => {
  expect(await ended('conforming', { beats: false })).toEqual(
    new SlotEnded('hung', 'The process of slot 0 gave no sign of life for 1 s and was ended.'),
  );
});
