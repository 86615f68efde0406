import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Crop, cropOfDetection, cropOfLandmarks } from '../../src/face/crop.ts';
import { similarity } from '../../src/face/embedding.ts';
import { eyeOpenings, fivePoints, interOcular, LANDMARK_COUNT, mouthOpening } from '../../src/face/landmarks.ts';
import { mirrorLandmarks } from '../../src/face/mirror.ts';
import type { Detector, Landmarker, Recogniser, RgbPicture } from '../../src/face/networks.ts';
import type { Detection } from '../../src/face/observation.ts';
import { type Opened, openDetector } from '../../src/model/detector.ts';
import { openLandmarker } from '../../src/model/landmarker.ts';
import { openLibrary } from '../../src/model/library.ts';
import { openRecogniser } from '../../src/model/recogniser.ts';
import { hasFootage } from '../footage.ts';
import { stillOf } from './stills.ts';

const library = openLibrary();
const opened: AsyncDisposable[] = [];
let detector: Opened<Detector>;
let landmarker: Opened<Landmarker>;
let recogniser: Opened<Recogniser>;

beforeAll(async () => {
  detector = await openDetector(library, 'mediapipe-face-full');
  landmarker = await openLandmarker(library, 'facemesh-468');
  recogniser = await openRecogniser(library, 'mobilefacenet-192');
  opened.push(detector, landmarker, recogniser);
});

afterAll(async () => {
  for (const network of opened) await network[Symbol.asyncDispose]();
});

/** The picture turned by 90° clockwise `turns` times. */
function turned(picture: RgbPicture, turns: number): RgbPicture {
  if (turns === 0) return picture;
  const { width, height, rgb } = turned(picture, turns - 1);
  const out = new Uint8Array(rgb.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      out.set(rgb.subarray(3 * (y * width + x), 3 * (y * width + x) + 3), 3 * (x * height + (height - 1 - y)));
  }
  return { width: height, height: width, rgb: out };
}

/** The picture's mirror image. */
function mirrored({ width, height, rgb }: RgbPicture): RgbPicture {
  const out = new Uint8Array(rgb.length);
  for (let p = 0; p < width * height; p++) {
    const q = p - (p % width) + (width - 1 - (p % width));
    out.set(rgb.subarray(3 * p, 3 * p + 3), 3 * q);
  }
  return { width, height, rgb: out };
}

/** A grey picture with `still` laid into it at x, y. */
function onGrey(still: RgbPicture, width: number, height: number, x: number, y: number): RgbPicture {
  const rgb = new Uint8Array(3 * width * height).fill(118);
  for (let row = 0; row < still.height; row++) {
    const from = 3 * row * still.width;
    rgb.set(still.rgb.subarray(from, from + 3 * still.width), 3 * ((y + row) * width + x));
  }
  return { width, height, rgb };
}

const detectAll = async (name: string, network: Detector = detector) => {
  const picture = await stillOf(name);
  return { picture, ...(await network.detect(picture, { threshold: 0.5, smallestFace: 150 })) };
};

describe.skipIf(!hasFootage)('the detector', () => {
  it.each([
    ['astronaut.png', 1, 91],
    ['group-of-three.jpg', 3, 215],
    ['group-of-five.jpg', 5, 180],
  ])('finds every face in %s: %i, about %i pixels wide, best first', async (name, count, width) => {
    const { detections } = await detectAll(name);
    expect(detections).toHaveLength(count);
    for (const { box } of detections) {
      expect(box[2]).toBeGreaterThan(width * 0.8);
      expect(box[2]).toBeLessThan(width * 1.5);
    }
    const scores = detections.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('puts the image-left eye first, eyes above nose above mouth', async () => {
    const { detections } = await detectAll('group-of-five.jpg');
    for (const { five } of detections) {
      const [lx, ly, rx, ry, nx, ny, ax, ay, bx, by] = five as [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      expect(lx).toBeLessThan(rx);
      expect(ax).toBeLessThan(bx);
      expect(Math.max(ly, ry)).toBeLessThan(ny);
      expect(ny).toBeLessThan(Math.min(ay, by) + 0.1 * (rx - lx));
      expect(nx).toBeGreaterThan(lx - 0.2 * (rx - lx));
    }
  });

  it('runs twice where the smallest face is large enough, and finds a face too small for one run in tiles', async () => {
    const picture = onGrey(await stillOf('astronaut.png', 128), 1280, 720, 1003, 341);
    const once = await detector.detect(picture, { threshold: 0.5, smallestFace: 140 });
    expect(once).toEqual({ detections: [], runs: 2 });
    const { detections, runs } = await detector.detect(picture, { threshold: 0.5, smallestFace: 20 });
    expect(runs).toBeGreaterThan(2);
    expect(detections).toHaveLength(1);
    const { box } = detections[0] as Detection;
    // A quarter of where the face is in the still of 512 pixels, and where the still was laid.
    expect(box[0] + box[2] / 2).toBeCloseTo(1003 + 226 / 4, -1);
    expect(box[1] + box[3] / 2).toBeCloseTo(341 + 122 / 4, -1);
  });

  it('finds a close-up of which it would be unsure at full size', async () => {
    // The portrait's face alone, so large that it fills four fifths of the picture's width.
    const still = await stillOf('astronaut.png', 512);
    const side = 140;
    const rgb = new Uint8Array(3 * side * side);
    for (let y = 0; y < side; y++) {
      const at = 3 * ((50 + y) * still.width + 156);
      rgb.set(still.rgb.subarray(at, at + 3 * side), 3 * y * side);
    }
    const { detections } = await detector.detect(
      { width: side, height: side, rgb },
      { threshold: 0.75, smallestFace: 20 },
    );
    expect(detections).toHaveLength(1);
    expect((detections[0] as Detection).box[2]).toBeGreaterThan(0.7 * side);
    expect((detections[0] as Detection).score).toBeGreaterThan(0.85);
  });

  it('reports one face where tiles overlap', async () => {
    const picture = await stillOf('group-of-five.jpg');
    const { detections, runs } = await detector.detect(picture, { threshold: 0.7, smallestFace: 80 });
    expect(runs).toBeGreaterThan(2);
    expect(detections).toHaveLength(5);
  });

  it('enlarges a small picture: a face of 20 pixels in it is found', async () => {
    const { detections } = await detector.detect(await stillOf('astronaut.png', 112), {
      threshold: 0.5,
      smallestFace: 20,
    });
    expect(detections).toHaveLength(1);
  });

  it('may be another one: BlazeFace needs no conversion and finds the same faces', async () => {
    await using other = await openDetector(library, 'blazeface-back');
    for (const [name, count] of [
      ['astronaut.png', 1],
      ['group-of-three.jpg', 3],
      ['group-of-five.jpg', 5],
    ] as const) {
      expect((await detectAll(name, other)).detections).toHaveLength(count);
    }
  });
});

describe.skipIf(!hasFootage)('the landmarker', () => {
  const nearestEye = (landmarks: Float32Array, { five }: Detection) => {
    const mesh = fivePoints(landmarks);
    const off = (k: number) =>
      Math.hypot(
        (mesh[2 * k] as number) - (five[2 * k] as number),
        (mesh[2 * k + 1] as number) - (five[2 * k + 1] as number),
      );
    return Math.max(off(0), off(1)) / interOcular(mesh);
  };

  it('lays the mesh on every face: present, eyes where the detector has them, mouth shut or open as the face is', async () => {
    for (const name of ['astronaut.png', 'group-of-three.jpg', 'group-of-five.jpg']) {
      const { picture, detections } = await detectAll(name);
      for (const detection of detections) {
        const { landmarks, presence } = await landmarker.landmarks(picture, cropOfDetection(detection));
        expect(landmarks).toHaveLength(3 * LANDMARK_COUNT);
        expect(presence).toBeGreaterThan(0.9);
        expect(nearestEye(landmarks, detection)).toBeLessThan(0.3);
        expect(mouthOpening(landmarks)).toBeLessThan(0.5);
        expect(Math.min(...eyeOpenings(landmarks))).toBeGreaterThan(0.05);
      }
    }
  });

  it('lands on the portrait’s eyes, nose and mouth as a person points at them', async () => {
    const { picture, detections } = await detectAll('astronaut.png');
    const first = await landmarker.landmarks(picture, cropOfDetection(detections[0] as Detection));
    const { landmarks } = await landmarker.landmarks(picture, cropOfLandmarks(first.landmarks));
    // Read off the picture, enlarged: iris centres, tip of the nose, corners of the mouth.
    const pointed = [203, 101, 246, 103, 223, 127, 202, 140, 245, 140];
    const five = fivePoints(landmarks);
    // 6 % of the distance of the eyes; landmark 1 lies a little under the tip of the nose.
    for (const [k, v] of pointed.entries()) expect(Math.abs((five[k] as number) - v)).toBeLessThan(k === 5 ? 5 : 2.6);
  });

  it('says that there is no face where there is none', async () => {
    const picture = await stillOf('astronaut.png');
    const crop: Crop = { x: 420, y: 420, size: 120, angle: 0 };
    expect((await landmarker.landmarks(picture, crop)).presence).toBeLessThan(0.1);
  });

  it('gives the same points, turned, for a turned picture', async () => {
    const { picture, detections } = await detectAll('astronaut.png');
    const crop = cropOfDetection(detections[0] as Detection);
    const upright = (await landmarker.landmarks(picture, crop)).landmarks;
    const quarter = { ...crop, x: picture.height - crop.y, y: crop.x, angle: crop.angle + Math.PI / 2 };
    const { landmarks } = await landmarker.landmarks(turned(picture, 1), quarter);
    for (let k = 0; k < LANDMARK_COUNT; k++) {
      expect(Math.abs((landmarks[3 * k] as number) - (picture.height - (upright[3 * k + 1] as number)))).toBeLessThan(
        0.1,
      );
      expect(Math.abs((landmarks[3 * k + 1] as number) - (upright[3 * k] as number))).toBeLessThan(0.1);
    }
  });

  it('sees in the mirror what it sees of the mirrored picture, as a face of the picture itself', async () => {
    const { picture, detections } = await detectAll('astronaut.png');
    const crop = { ...cropOfDetection(detections[0] as Detection), angle: 0.2 };
    const asItIs = await landmarker.landmarks(picture, crop, true);
    const seen = await landmarker.landmarks(mirrored(picture), { ...crop, x: picture.width - crop.x, angle: -0.2 });
    expect(asItIs.presence).toBeCloseTo(seen.presence, 3);
    const back = mirrorLandmarks(seen.landmarks, picture.width);
    expect(Math.max(...back.map((v, i) => Math.abs(v - (asItIs.landmarks[i] as number))))).toBeLessThan(0.1);
    // And it is the same face: within a twentieth of the distance of the eyes.
    const five = fivePoints((await landmarker.landmarks(picture, crop)).landmarks);
    for (const [k, v] of fivePoints(asItIs.landmarks).entries()) {
      expect(Math.abs(v - (five[k] as number))).toBeLessThan(0.08 * interOcular(five));
    }
  });

  it('finds the same points at another size of the same picture', async () => {
    const large = await stillOf('group-of-three.jpg');
    const small = await stillOf('group-of-three.jpg', large.width / 3);
    const { detections } = await detector.detect(large, { threshold: 0.5, smallestFace: 200 });
    const crop = cropOfDetection(detections[0] as Detection);
    const a = (await landmarker.landmarks(large, crop)).landmarks;
    const b = (await landmarker.landmarks(small, { ...crop, x: crop.x / 3, y: crop.y / 3, size: crop.size / 3 }))
      .landmarks;
    const scale = interOcular(fivePoints(a));
    const errors = Array.from({ length: LANDMARK_COUNT }, (_, k) =>
      Math.hypot(
        (a[3 * k] as number) - 3 * (b[3 * k] as number),
        (a[3 * k + 1] as number) - 3 * (b[3 * k + 1] as number),
      ),
    );
    expect(errors.reduce((sum, v) => sum + v, 0) / LANDMARK_COUNT / scale).toBeLessThan(0.02);
  });
});

describe.skipIf(!hasFootage)('the recogniser', () => {
  const embeddingsOf = async (picture: RgbPicture, network: Recogniser, smallestFace = 150) => {
    const { detections } = await detector.detect(picture, { threshold: 0.5, smallestFace });
    return Promise.all(
      detections.map(async (detection) => {
        const { landmarks } = await landmarker.landmarks(picture, cropOfDetection(detection));
        return network.embed(picture, fivePoints(landmarks));
      }),
    );
  };

  it.each(['mobilefacenet-192', 'faceres'])(
    '%s knows a person again, smaller and darker, and tells strangers apart',
    async (id) => {
      await using network = await openRecogniser(library, id);
      const large = await stillOf('group-of-five.jpg');
      const small = await stillOf('group-of-five.jpg', 900);
      const darker = { ...small, rgb: small.rgb.map((v) => 255 * (v / 255) ** 1.4) };
      const those = await embeddingsOf(large, network);
      const these = await embeddingsOf(darker, network, 80);
      expect(those).toHaveLength(5);
      expect(these).toHaveLength(5);
      for (const embedding of those) expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
      const cosines = those.map((a) => these.map((b) => similarity(a, b)).sort((a, b) => b - a));
      for (const [same, stranger] of cosines) {
        expect(same).toBeGreaterThan(network.threshold);
        expect(stranger).toBeLessThan(network.threshold);
      }
    },
  );

  it('answers the same for the same face, whatever was asked before', async () => {
    const picture = await stillOf('astronaut.png');
    const five = [203, 101, 246, 103, 223, 127, 202, 140, 245, 140];
    const [a, b] = await Promise.all([
      recogniser.embed(picture, five),
      recogniser.embed(turned(picture, 2), five).then(() => recogniser.embed(picture, five)),
    ]);
    expect(similarity(a, b)).toBeCloseTo(1, 6);
  });
});
