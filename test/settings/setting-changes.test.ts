import { describe, expect, it } from 'vitest';
import { RESTORERS } from '../../src/restore/restorers.ts';
import { loadPreset } from '../../src/settings/preset.ts';
import { settingsSchema } from '../../src/settings/preset-schema.ts';
import { changeTexts, checkChanges, parseChange, type SettingChanges } from '../../src/settings/setting-changes.ts';

const check = (changes: SettingChanges) => checkChanges(changes, settingsSchema(RESTORERS), '--set');

describe('a setting that one run has otherwise', () => {
  it('is the preset’s own where it says the same, and part of its hash and name where it does not', async () => {
    const preset = await loadPreset('restore', RESTORERS);
    expect((await loadPreset('restore', RESTORERS, { 'detail.strength': 1, 'takes.frames': 240 })).hash).toBe(
      preset.hash,
    );
    const changed = await loadPreset('restore', RESTORERS, { 'detail.strength': 0.8, 'smoothing.lightSigma': 2 });
    expect(changed).toEqual({
      ...preset,
      name: 'restore, detail.strength=0.8, smoothing.lightSigma=2',
      hash: changed.hash,
      detail: { ...preset.detail, strength: 0.8 },
      smoothing: { ...preset.smoothing, lightSigma: 2 },
    });
    expect(changed.hash).not.toBe(preset.hash);
  });

  it.each<[string, string, unknown]>([
    ['detail.strength=0.8', 'detail.strength', 0.8],
    [' takes.lostDevice = stop ', 'takes.lostDevice', 'stop'],
    ['casting.threshold=null', 'casting.threshold', null],
    ['models.detector=./a=b.json', 'models.detector', './a=b.json'],
    ['models.detector="8"', 'models.detector', '8'],
  ])('is read from %j, and said as it is read', (text, name, value) => {
    expect(parseChange(text, '--set')).toEqual([name, value]);
    expect(() => check({ [name]: value })).not.toThrow();
    const [said = ''] = changeTexts({ [name]: value });
    expect(parseChange(said, '--set')).toEqual([name, value]);
  });

  it('is a setting, not a room or the whole of them', () => {
    expect(() => check({ detail: { strength: 1 } })).toThrow(
      '--set detail={"strength":1}: "detail" is not a setting. "detail" has detail.strength, detail.stills.',
    );
    expect(() => check({ qqqqqq: 1 })).toThrow(
      '--set qqqqqq=1: "qqqqqq" is not a setting. Settings are called room.setting, and rooms are proxy, tracking, carrying, casting, smoothing, takes, models, masking, detail, repair, enhance, replace, swap, anonymise.',
    );
  });
});
