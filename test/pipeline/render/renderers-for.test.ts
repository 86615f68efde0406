import { describe, expect, it } from 'vitest';
import type { Take } from '../../../src/film/shot.ts';
import { renderersFor } from '../../../src/pipeline/render/renderers-for.ts';
import { chosenRestorer, restorerNamed } from '../../../src/restore/restorer-choice.ts';
import { RESTORERS } from '../../../src/restore/restorers.ts';
import { loadPreset } from '../../../src/settings/preset.ts';
import { castTrack, REPAIR } from '../cast-tracks.ts';

/** A track of 48 frames, in a patch of 256. */
const TRACK = castTrack(REPAIR);
const takeOf = (from: number, out: number, touched = true): Take => ({ in: from, out, shot: 0, touched });

describe('the renderers that takes are worth', () => {
  it('are one for eight faces of 256 × 256, and no more than there may be', () => {
    expect(renderersFor([takeOf(0, 8)], [TRACK], 8)).toBe(1);
    expect(renderersFor([takeOf(0, 9)], [TRACK], 8)).toBe(2);
    expect(renderersFor([takeOf(0, 8), takeOf(8, 24)], [TRACK], 8)).toBe(3);
    expect(renderersFor([takeOf(0, 48)], [TRACK], 8)).toBe(6);
    expect(renderersFor([takeOf(0, 48)], [TRACK], 2)).toBe(2);
  });

  it('are more for larger faces, and for several', () => {
    expect(renderersFor([takeOf(0, 8)], [castTrack(REPAIR, { patchSize: 512 })], 8)).toBe(4);
    expect(renderersFor([takeOf(0, 8)], [TRACK, castTrack(REPAIR, { track: 't2' })], 8)).toBe(2);
  });

  it('are counted by the frames of a take that show a face', () => {
    expect(renderersFor([takeOf(40, 200)], [TRACK], 8)).toBe(1);
  });

  it('are none where all takes are known or copied', () => {
    expect(renderersFor([], [TRACK], 8)).toBe(0);
    expect(renderersFor([takeOf(0, 48, false)], [TRACK], 8)).toBe(0);
  });

  it('are fewer where faces are kept, but for those that a report draws', () => {
    const keeping = (count: number) => renderersFor([takeOf(0, 48)], [TRACK], 8, () => Array(count).fill(TRACK));
    expect([keeping(0), keeping(24), keeping(48)]).toEqual([6, 3, 1]);
  });

  it('are all where a face is restored by a network', async () => {
    const preset = await loadPreset('restore', RESTORERS);
    const enhance = chosenRestorer(restorerNamed(RESTORERS, 'enhance'), preset, { grain: true, reuse: true });
    expect(renderersFor([takeOf(0, 1)], [castTrack(enhance)], 8)).toBe(8);
  });
});
