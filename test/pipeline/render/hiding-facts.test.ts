import { describe, expect, it } from 'vitest';
import type { CastTrack } from '../../../src/pipeline/render/cast-track.ts';
import { type HidingFacts, hidingFacts, hidingNotes } from '../../../src/pipeline/render/hiding-facts.ts';
import { RESTORERS } from '../../../src/restore/restorers.ts';
import { loadPreset } from '../../../src/settings/preset.ts';
import { trackOf } from '../face-tracks.ts';

const preset = await loadPreset('restore', RESTORERS);
const REQUEST = { restorer: 'anonymise', reuse: true, except: true } as const;
const [ANNA, OTTO] = [trackOf('f10', 10, 20), trackOf('f30', 30, 40)];

function factsOf(chosen: Parameters<typeof hidingFacts>[0]['chosen'] = null): HidingFacts | null {
  const tracked = { tracks: [ANNA, OTTO] } as unknown as Parameters<typeof hidingFacts>[0]['tracked'];
  const hidden = { id: 'f30', in: 27, out: 43, track: OTTO, brief: { restorer: { name: 'anonymise' } } };
  return hidingFacts(
    {
      ...{ preset, chosen, tracked },
      range: { in: 0, out: 50 },
      castings: [
        { track: 'f10', person: 'anna', similarity: 0.8 },
        { track: 'f30', person: 'otto', similarity: 0.51 },
      ],
      reel: { damaged: new Map([[5, 'it is cut short']]) } as unknown as Parameters<typeof hidingFacts>[0]['reel'],
    },
    [hidden as unknown as CastTrack],
    REQUEST,
  );
}

describe('what is said of hidden faces', () => {
  it('is where a face was hidden that was not found, where none was found, what is damaged, and who is left to be seen', () => {
    expect(factsOf()).toEqual({
      beyond: [
        { track: 'f30', in: 27, out: 30 },
        { track: 'f30', in: 40, out: 43 },
      ],
      withoutFace: [
        { in: 0, out: 10 },
        { in: 20, out: 27 },
        { in: 43, out: 50 },
      ],
      damaged: [{ in: 5, out: 6 }],
      excepted: [
        { track: 'f10', person: 'anna', isHidden: false },
        { track: 'f30', person: 'otto', isHidden: true },
      ],
    });
  });

  it('is said in people’s own numbers', () => {
    expect(hidingNotes(factsOf() as HidingFacts, 1001, 'report')).toEqual([
      'No face was found in frames 1001–1010, 1021–1027, 1044–1050, and nothing is hidden there: look at them.',
      'Damaged and passed through as they are: frame 1006. A face may be seen there: look at them.',
      'f30: hidden in frames 1028–1030, 1041–1043 as well, where the face was not found and may still be seen.',
      'Left to be seen: f10 (anna).',
      'f30 may be otto, but not beyond doubt, and is hidden.',
      'The report shows faces as they were: keep it where you keep the reel.',
    ]);
  });

  it('is nothing where no face is hidden, and of a shot list only the shots in which they are', () => {
    expect(factsOf([])).toBeNull();
    const shot = { in: 15, out: 32, name: 'one' };
    expect(factsOf([shot])).toMatchObject({ withoutFace: [{ in: 20, out: 27 }], damaged: [] });
    expect(factsOf([{ ...shot, restorer: 'repair' }])).toBeNull();
  });
});
