import { bytesOf, type RgbFrame } from '../../samples/rgb-frame.ts';
import { type Crop, cropOfDetection, cropOfLandmarks } from '../../src/face/crop.ts';
import { type Embedding, normalised } from '../../src/face/embedding.ts';
import { fivePoints, type Landmarks } from '../../src/face/landmarks.ts';
import type { RgbPicture } from '../../src/face/networks.ts';
import { openDetector } from '../../src/model/detector.ts';
import { openLandmarker } from '../../src/model/landmarker.ts';
import { openLibrary } from '../../src/model/library.ts';
import { openRecogniser } from '../../src/model/recogniser.ts';
import { readStill } from '../../src/pipeline/stills/read-still.ts';

/** A viewer with the default networks, independent of what a run carried or smoothed. */
export interface Viewer extends AsyncDisposable {
  /** One crop a frame around the face, steady in time: what every picture of that frame is looked at through. */
  crops(pictures: Iterable<RgbFrame> | AsyncIterable<RgbFrame>): Promise<Crop[]>;
  /**
   * The face's landmarks, picture pixels: the mean over crops dithered by a few per cent. Where the crop lies moves FaceMesh more
   * than grain does, so pictures are compared through the same crops.
   */
  landmarks(picture: RgbFrame, crop: Crop): Promise<Landmarks>;
  /** Who the face is. */
  likeness(picture: RgbFrame, landmarks: Landmarks): Promise<Embedding>;
  /** The first face of a picture that it knows nothing of. */
  face(picture: RgbPicture, what: string): Promise<Landmarks>;
  /** The mean likeness of the face of each still. */
  likenessOfStills(paths: readonly string[]): Promise<Embedding>;
}

/** Shift to the right and down, in sizes of the crop; growth; turn, radians. */
const DITHER: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 1, 0],
  [0.02, 0.01, 1.03, 0.03],
  [-0.01, 0.02, 0.97, -0.03],
  [-0.015, -0.02, 1.02, 0.015],
  [0.012, -0.014, 0.98, -0.015],
];

/** Frames on each side over which crops are averaged. */
const STEADY = 4;

export async function openViewer(): Promise<Viewer> {
  const library = openLibrary();
  const detector = await openDetector(library, 'mediapipe-face-full');
  const landmarker = await openLandmarker(library, 'facemesh-468');
  const recogniser = await openRecogniser(library, 'mobilefacenet-192');

  const firstCrop = async (picture: RgbPicture, what: string): Promise<Crop> => {
    const { detections } = await detector.detect(picture, { threshold: 0.5, smallestFace: 0.05 * picture.width });
    const [face] = detections;
    if (!face) throw new Error(`${what} shows no face that the detector finds.`);
    return cropOfDetection(face);
  };

  const face = async (picture: RgbPicture, what: string): Promise<Landmarks> =>
    (await landmarker.landmarks(picture, await firstCrop(picture, what))).landmarks;

  return {
    face,
    async crops(pictures) {
      const raw: Crop[] = [];
      let crop: Crop | undefined;
      for await (const picture of pictures) {
        const bytes = pictureOf(picture);
        crop ??= await firstCrop(bytes, 'The clean first frame');
        crop = cropOfLandmarks((await landmarker.landmarks(bytes, crop)).landmarks);
        raw.push(crop);
      }
      return raw.map((_, t) => meanCrop(raw.slice(Math.max(0, t - STEADY), t + STEADY + 1)));
    },
    async landmarks(picture, crop) {
      const bytes = pictureOf(picture);
      const sum = new Float32Array(3 * 468);
      for (const [right, down, growth, turn] of DITHER) {
        const { x, y, size, angle } = crop;
        const dithered = { x: x + right * size, y: y + down * size, size: growth * size, angle: angle + turn };
        const { landmarks } = await landmarker.landmarks(bytes, dithered);
        for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (landmarks[i] as number) / DITHER.length;
      }
      return sum;
    },
    likeness: (picture, landmarks) => recogniser.embed(pictureOf(picture), fivePoints(landmarks)),
    async likenessOfStills(paths) {
      const embeddings: Embedding[] = [];
      for (const path of paths) {
        const still = await readStill(path);
        embeddings.push(await recogniser.embed(still, fivePoints(await face(still, path))));
      }
      const [first] = embeddings;
      if (!first) throw new TypeError('A likeness needs at least one still.');
      return normalised(first.map((_, i) => embeddings.reduce((sum, one) => sum + (one[i] as number), 0)));
    },
    async [Symbol.asyncDispose]() {
      await detector[Symbol.asyncDispose]();
      await landmarker[Symbol.asyncDispose]();
      await recogniser[Symbol.asyncDispose]();
    },
  };
}

function pictureOf(frame: RgbFrame): RgbPicture {
  return { width: frame.width, height: frame.height, rgb: bytesOf(frame) };
}

function meanCrop(crops: readonly Crop[]): Crop {
  const mean = (key: keyof Crop) => crops.reduce((sum, crop) => sum + crop[key], 0) / crops.length;
  return { x: mean('x'), y: mean('y'), size: mean('size'), angle: mean('angle') };
}
