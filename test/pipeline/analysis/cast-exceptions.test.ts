import { describe, expect, it } from 'vitest';
import { castExceptions } from '../../../src/pipeline/analysis/cast-exceptions.ts';
import type { ChosenShot } from '../../../src/pipeline/analysis/chosen-shots.ts';
import { RESTORERS } from '../../../src/restore/restorers.ts';
import { loadPreset } from '../../../src/settings/preset.ts';
import { trackOf } from '../face-tracks.ts';

const tracks = [trackOf('t1', 0, 10), trackOf('t2', 5, 25), trackOf('t3', 30, 40)];
const shot = (from: number, out: number, more: Partial<ChosenShot> = {}): ChosenShot => ({
  name: 'a',
  in: from,
  out,
  ...more,
});
const exceptions = (chosen: readonly ChosenShot[] | null) => [
  ...castExceptions(tracks, chosen, ({ casting }) => ({ ...casting, threshold: 0.5, floor: 0.38 })),
];

describe('what chosen shots say of casting', () => {
  it('is nothing where none was chosen, or they say nothing', () => {
    expect(exceptions(null)).toEqual([]);
    expect(exceptions([shot(0, 40)])).toEqual([]);
  });

  it('holds for the tracks that lie in them', () => {
    expect(exceptions([shot(0, 12, { cast: 'anna' }), shot(12, 28, { cast: null })])).toEqual([
      ['t1', { only: ['anna'] }],
      ['t2', { only: ['anna'] }],
    ]);
    expect(exceptions([shot(0, 12, { cast: 'anna' }), shot(12, 40)])).toEqual([['t1', { only: ['anna'] }]]);
  });

  it('has the limits of their presets', async () => {
    const preset = await loadPreset('strict', RESTORERS);
    expect(exceptions([shot(30, 35, { preset })])).toEqual([
      ['t3', { limits: { ...preset.casting, threshold: 0.5, floor: 0.38 } }],
    ]);
  });
});
