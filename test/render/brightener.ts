import { samplesOf } from '../../src/compute/cpu/cpu-image.ts';
import type { PatchWindow, Refusal } from '../../src/restore/restorer.ts';
import { defineRestorer } from '../../src/restore/restorer-definition.ts';
import { group } from '../../src/settings/setting.ts';
import { floatRestoration } from '../restore/on-floats.ts';

/** A restorer that makes a square in the middle of a face brighter, once `work` has been done; what that refuses it refuses. */
export function brightener(window: number, work: (window: PatchWindow) => Promise<Refusal | null>) {
  return defineRestorer({
    name: 'brightener',
    summary: 'makes a square brighter',
    settings: group({}),
    needs: { stills: 'none' },
    window: () => window,
    open: () => ({
      name: 'brightener',
      window,
      async restore(shown) {
        const refusal = await work(shown);
        if (refusal) return refusal;
        const { size, rgb } = shown.centre;
        const matte = new Float32Array(size * size);
        for (let y = size / 4; y < size / 2; y++) matte.fill(1, (y + 0.25) * size, (y + 0.5) * size);
        return floatRestoration(
          samplesOf(rgb).map((v) => v + 0.1),
          matte,
        );
      },
    }),
    words: { reasons: {} },
  });
}

/** What a track's brief says of it. */
export const BRIGHTENER = { name: 'brightener', settings: {} } as const;
