import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { faceRenderer } from '../../src/render/face-renderer.ts';
import type { FaceRenderer, FaceToComp, FaceToLift, TrackToRender } from '../../src/render/face-rendering.ts';
import { sideBySide } from '../../src/render/side-by-side.ts';
import { deviceTeam } from '../../src/workers/render-team.ts';
import { countingCompute } from '../restore/counting-compute.ts';
import { drawnReel } from './drawn-reel.ts';
import { inProcess } from './in-process.ts';

const TRACK = 't1';
const comped = (frame: number) => ({ track: TRACK, frame }) as FaceToComp;

/** A renderer that only notes what begins and ends; looks end when the test says so. */
function noted() {
  const events: string[] = [];
  const open = new Map<string, () => void>();
  const step = (name: string, waits: boolean) => async () => {
    events.push(`+${name}`);
    if (waits) await new Promise<void>((resolve) => open.set(name, resolve));
    events.push(`-${name}`);
    return {} as never;
  };
  const renderer: FaceRenderer = {
    addStill: () => step('still', false)(),
    begin: () => step('begin', false)(),
    lift: ({ frame }) => step(`lift ${frame}`, false)(),
    share: () => step('share', false)(),
    adopt: () => step('adopt', false)(),
    mask: ({ frame }) => step(`mask ${frame}`, true)(),
    adoptMask: () => step('adopt a mask', false)(),
    keyframe: ({ frame }) => step(`keyframe ${frame}`, true)(),
    comp: ({ frame }) => step(`comp ${frame}`, true)(),
    still: () => step('still', true)(),
    picture: () => step('picture', false)(),
    forget: ({ frame }) => step(`forget ${frame}`, false)(),
    end: () => step('end', false)(),
  };
  const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 5));
  const finish = async (name: string) => {
    open.get(name)?.();
    await settle();
  };
  return { events, renderer, settle, finish };
}

describe('a renderer that takes several calls at a time', () => {
  it('comps as many faces at a time as it may, in order, and lifts others meanwhile', async () => {
    const { events, renderer, settle, finish } = noted();
    const several = sideBySide(renderer, 2);
    void several.lift({ track: TRACK, frame: 0 } as FaceToLift);
    for (const frame of [0, 1, 2]) void several.comp(comped(frame));
    void several.lift({ track: TRACK, frame: 5 } as FaceToLift);
    await settle();
    expect(events).toEqual(['+lift 0', '-lift 0', '+comp 0', '+comp 1', '+lift 5', '-lift 5'].sort(byOrderOf(events)));
    await finish('comp 1');
    expect(events.slice(-2)).toEqual(['-comp 1', '+comp 2']);
  });

  it('forgets and ends nothing before what was asked earlier is done, and begins anew behind both', async () => {
    const { events, renderer, settle, finish } = noted();
    const several = sideBySide(renderer, 4);
    void several.comp(comped(0));
    void several.forget({ track: TRACK, frame: 0 });
    void several.comp(comped(1));
    void several.end({ track: TRACK });
    void several.begin({ track: TRACK } as TrackToRender);
    void several.lift({ track: TRACK, frame: 0 } as FaceToLift);
    await settle();
    expect(events).toEqual(['+comp 0', '+comp 1']);
    await finish('comp 0');
    expect(events).toEqual(['+comp 0', '+comp 1', '-comp 0', '+forget 0', '-forget 0']);
    await finish('comp 1');
    expect(events.slice(5)).toEqual(['-comp 1', '+end', '-end', '+begin', '-begin', '+lift 0', '-lift 0']);
  });

  it('makes the same of every face as one that takes a call at a time, and holds no image when all is ended', async () => {
    const FRAMES = 9;
    const reel = await drawnReel(FRAMES);
    const madeBy = async (renderer: FaceRenderer, atOnce: number) => {
      await using team = deviceTeam(
        { call: (name, argument) => renderer[name](argument as never) as never, async [Symbol.asyncDispose]() {} },
        atOnce,
      );
      expect(team.size).toBe(atOnce);
      const made: unknown[] = [];
      for (const frames of [
        [0, 1, 2, 3, 4],
        [3, 4, 5, 6, 7, 8],
      ]) {
        await team.begin(reel.brief);
        for (const frame of frames) team.lift(reel.face(frame));
        for (const frame of frames) team.hold({ track: TRACK, frame });
        made.push(...(await Promise.all(frames.map((frame) => team.comp({ track: TRACK, frame })))));
        await team.end(TRACK);
      }
      return made;
    };
    const alone = inProcess(faceRenderer());
    const oneByOne = Object.fromEntries(
      Object.keys(faceRenderer()).map((name) => [name, (of: never) => alone.call(name as keyof FaceRenderer, of)]),
    ) as unknown as FaceRenderer;
    // Answers come late, and not in the order of the questions.
    let asked = 0;
    const { compute, open } = countingCompute(() => {
      asked += 1;
      return new Promise((resolve) => setTimeout(resolve, (asked * 7) % 5));
    });
    const several = sideBySide(faceRenderer(undefined, compute), 4);
    expect(isDeepStrictEqual(await madeBy(several, 4), await madeBy(oneByOne, 1))).toBe(true);
    expect(open()).toBe(0);
  });
});

/** Lifts and comps that wait for nobody may come in any order between each other. */
function byOrderOf(events: readonly string[]) {
  return (a: string, b: string) => events.indexOf(a) - events.indexOf(b);
}
