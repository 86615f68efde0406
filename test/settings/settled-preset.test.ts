import { expect, test } from 'vitest';
import { RESTORERS } from '../../src/restore/restorers.ts';
import { loadPreset } from '../../src/settings/preset.ts';
import { settledPreset } from '../../src/settings/settled-preset.ts';

const OWN = { detector: { threshold: 0.7 }, recogniser: { threshold: 0.4, floor: 0.28 } };

const settled = async (name: string, changes = {}) => {
  const { tracking, casting } = settledPreset(await loadPreset(name, RESTORERS, changes), OWN);
  return [tracking.detectorThreshold, casting.threshold, casting.floor];
};

test('a preset leaves their thresholds to the networks, and shifts them', async () => {
  expect(await settled('restore')).toEqual([0.7, 0.4, 0.28]);
  expect(await settled('artistic')).toEqual([0.7, 0.4 - 0.05, 0.28]);
  expect(await settled('strict')).toEqual([0.7, 0.4 + 0.1, 0.28]);
  expect(await settled('restore', { 'tracking.detectorShift': -0.25 })).toEqual([0.7 - 0.25, 0.4, 0.28]);
});

test('a threshold that a preset states itself is meant as it stands', async () => {
  const changes = { 'tracking.detectorThreshold': 0.5, 'casting.threshold': 0.6, 'casting.floor': 0.45 };
  expect(await settled('restore', changes)).toEqual([0.5, 0.6, 0.45]);
});

test('a detector is never asked for nothing or for certainty, however far its threshold is shifted', async () => {
  expect((await settled('restore', { 'tracking.detectorShift': 0.5 }))[0]).toBe(0.99);
  expect((await settled('restore', { 'tracking.detectorThreshold': 0.1, 'tracking.detectorShift': -0.5 }))[0]).toBe(
    0.05,
  );
});

test('settling twice changes nothing more', async () => {
  const once = settledPreset(await loadPreset('strict', RESTORERS), OWN);
  expect(settledPreset(once, OWN)).toEqual(once);
});
