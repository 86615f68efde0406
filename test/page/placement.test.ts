import { describe, expect, it } from 'vitest';
import {
  centreAbout,
  coveredPart,
  placePicture,
  toPane,
  toPlate,
  zoomBeside,
} from '../../src/page/viewer/placement.ts';

const HD = { width: 1920, height: 1080, pixelAspect: 1 };

describe('a picture in its pane', () => {
  it('is shown whole, in the middle', () => {
    expect(placePicture(HD, { width: 960, height: 600 }, 'fit', [0, 0])).toEqual({
      scaleX: 0.5,
      scaleY: 0.5,
      left: 0,
      top: 30,
    });
  });

  it('is shown as wide as its pixels are meant', () => {
    const anamorphic = { width: 1000, height: 1000, pixelAspect: 2 };
    expect(placePicture(anamorphic, { width: 800, height: 800 }, 'fit', [0, 0])).toEqual({
      scaleX: 0.8,
      scaleY: 0.4,
      left: 0,
      top: 200,
    });
  });

  it('has each pixel on whole device pixels at 1:1, 2:1 and 4:1, wherever its middle is', () => {
    for (const zoom of [1, 2, 4] as const) {
      const { scaleX, scaleY, left, top } = placePicture(HD, { width: 901, height: 507 }, zoom, [733.3, 401.7]);
      expect([scaleX, scaleY]).toEqual([zoom, zoom]);
      expect([left, top].every(Number.isInteger)).toBe(true);
    }
  });

  it('has the wanted point in the middle', () => {
    const pane = { width: 900, height: 500 };
    expect(toPane(placePicture(HD, pane, 2, [700, 400]), [700, 400])).toEqual([450, 250]);
  });

  it('leaves no border where there is picture to fill it', () => {
    const pane = { width: 900, height: 500 };
    expect(placePicture(HD, pane, 1, [0, 0])).toMatchObject({ left: 0, top: 0 });
    expect(placePicture(HD, pane, 1, [1920, 1080])).toMatchObject({ left: -1020, top: -580 });
    expect(placePicture({ ...HD, width: 100, height: 50 }, pane, 1, [0, 0])).toMatchObject({ left: 400, top: 225 });
  });

  it('leads from pane to plate and back', () => {
    const placed = placePicture(HD, { width: 900, height: 500 }, 2, [700, 400]);
    expect(toPane(placed, toPlate(placed, [123, 45]))).toEqual([123, 45]);
  });

  it('covers a part of the pane, and no more than it', () => {
    const pane = { width: 960, height: 600 };
    expect(coveredPart(placePicture(HD, pane, 'fit', [0, 0]), HD, pane)).toEqual({
      left: 0,
      top: 30,
      width: 960,
      height: 540,
    });
    expect(coveredPart(placePicture(HD, pane, 4, [960, 540]), HD, pane)).toEqual({ left: 0, top: 0, ...pane });
  });

  it('keeps the point under the pointer where it is while the zoom changes', () => {
    const pane = { width: 900, height: 500 };
    const before = placePicture(HD, pane, 1, [900, 500]);
    const at = [300, 200] as const;
    const fixed = toPlate(before, at);
    const after = placePicture(HD, pane, 2, centreAbout(fixed, { at, pane, zoom: 2 }));
    expect(toPane(after, fixed)).toEqual(at);
  });

  it('is zoomed step by step, and no further than there are steps', () => {
    expect([zoomBeside('fit', 'closer'), zoomBeside(2, 'closer'), zoomBeside(4, 'closer')]).toEqual([1, 4, 4]);
    expect([zoomBeside(4, 'wider'), zoomBeside(1, 'wider'), zoomBeside('fit', 'wider')]).toEqual([2, 'fit', 'fit']);
  });
});
