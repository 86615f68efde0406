import { beforeAll, describe, expect, it } from 'vitest';
import { openReelTruth } from '../../../samples/reel-truth.ts';
import { regionUnder } from '../../../src/compute/region-under.ts';
import { fivePoints } from '../../../src/face/landmarks.ts';
import { PATCH_TEMPLATE } from '../../../src/face/patch.ts';
import { fitSimilarity } from '../../../src/face/similarity.ts';
import { cutRegion, type Plate, planesOf } from '../../../src/film/plate.ts';
import { pictureBytes, sampleFormat } from '../../../src/film/sample-format.ts';
import { openRenderTeam } from '../../../src/pipeline/render/render-team.ts';
import type { Comped, FaceToLift, TrackToRender } from '../../../src/workers/render-service.ts';

const SIZE = 128;
const FORMAT = sampleFormat('gbrpf32le');
const LIGHT = { exposure: 0.5, colour: [0, 0, 0, 1, 1, 1], band: new Float32Array(192), blur: 1, grain: 0.02 };
const FRAMES = 7;

let faces: FaceToLift[];
let brief: TrackToRender;

beforeAll(async () => {
  const truth = await openReelTruth({ only: 'static', length: 24, width: 480, height: 270 });
  faces = Array.from({ length: FRAMES }, (_, frame) => {
    const { width, height, rgb } = truth.renderWorn(frame);
    const plate: Plate = {
      frame,
      format: FORMAT,
      width,
      height,
      bytes: new Uint8Array(pictureBytes(FORMAT, width, height)),
    };
    const planes = planesOf(FORMAT, plate.bytes, width, height);
    FORMAT.planes.forEach(({ component }, k) => {
      const from = 'RGB'.indexOf(component) * width * height;
      planes[k]?.samples.set(rgb.subarray(from, from + width * height));
    });
    const landmarks = truth.frame(frame).face?.landmarks;
    if (!landmarks) throw new Error(`Frame ${frame} shows no face.`);
    const toPatch = fitSimilarity(
      fivePoints(landmarks),
      PATCH_TEMPLATE.map((v) => v * SIZE),
    );
    return {
      track: 't1',
      frame,
      region: cutRegion(plate, regionUnder(toPatch, SIZE, plate)),
      toPatch,
      landmarks,
      light: LIGHT,
    };
  });
  brief = {
    track: 't1',
    restorer: { name: 'repair', options: { window: 2, matteSoftness: 0.16, grainRatio: 1 } },
    stills: [],
    pose: (faces[0] as FaceToLift).landmarks,
    patchSize: SIZE,
    colour: { tags: {}, transfer: 'rec709', plateHeight: 270 },
    seed: 7,
  };
});

/** Comps some of the frames, all of which are handed over, in two takes one after the other. */
async function rendered(cores: number): Promise<Comped[]> {
  await using team = openRenderTeam(cores);
  const comped: Comped[] = [];
  for (const take of [faces.slice(0, 4), faces.slice(2)]) {
    await team.begin(brief);
    for (const face of take) team.lift(face);
    const results = await Promise.all(take.map(({ track, frame, region }) => team.comp({ track, frame, region })));
    await team.end(brief.track);
    for (const result of results) {
      if ('refused' in result) throw new Error(`A face was refused: ${result.refused}.`);
      comped.push(result);
    }
  }
  return comped;
}

describe('a render team', () => {
  it('comps the same bits whoever lifted a face and whoever comps it', async () => {
    const [alone, three] = [await rendered(1), await rendered(3)];
    expect(three.map(({ region, matte, changed }) => ({ region, matte, changed }))).toEqual(
      alone.map(({ region, matte, changed }) => ({ region, matte, changed })),
    );
    const seen = alone.map(({ changed }) => changed).filter((rows) => rows !== null);
    expect(seen).toHaveLength(alone.length);
  });

  it('tells the frame that could not be lifted', async () => {
    await using team = openRenderTeam(2);
    await team.begin(brief);
    const [first, ...others] = faces as [FaceToLift, ...FaceToLift[]];
    team.lift({ ...first, region: { ...first.region, bytes: new Uint8Array(3) } });
    for (const face of others) team.lift(face);
    await expect(team.comp({ track: 't1', frame: 0, region: first.region })).rejects.toThrow(
      'Invalid typed array length',
    );
  });
});
