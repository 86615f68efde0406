import { expect, test } from 'vitest';
import { scaleEntries, typicalScale } from '../../src/compute/cpu/still/warp.ts';
import { meshEntries, plateEntries } from '../../src/face/map-entries.ts';
import { meshBetween, meshWarp } from '../../src/face/mesh.ts';
import { faceThinPlate, plateGrid, thinPlateWarp } from '../../src/face/thin-plate.ts';
import { drawFace } from '../face/drawn-face.ts';

test.each([20, 101, 256])('some entries of a face map of side %i say its scale to the last digit', (size) => {
  const target = drawFace({ x: size / 2 + 3, y: size / 2, interOcular: size / 3, yaw: 0.4, roll: 0.1 });
  const source = drawFace({ x: 300, y: 280, interOcular: 170, yaw: -0.2, pitch: 0.1, mouth: 0.2 });
  const entries = scaleEntries(size);
  const mesh = meshEntries(meshBetween(target, source), size, entries);
  expect(typicalScale(mesh)).toBe(typicalScale(meshWarp(target, source, size)));
  const plate = plateEntries(plateGrid(faceThinPlate(target, source), size), entries);
  expect(typicalScale(plate)).toBe(typicalScale(thinPlateWarp(target, source, size)));
});
