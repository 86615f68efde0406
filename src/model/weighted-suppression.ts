import type { Box, Detection } from '../face/observation.ts';

/**
 * One detection a face, best first: those that overlap a better one are averaged into it by score, which steadies boxes and points
 * from frame to frame (BlazeFace, Bazarevsky 2019, §5).
 *
 * `limit` is the intersection over union from which two boxes are taken for one face.
 */
export function suppressWeighted(detections: readonly Detection[], limit: number): Detection[] {
  let rest = [...detections].sort((a, b) => b.score - a.score);
  const faces: Detection[] = [];
  for (let [best] = rest; best; [best] = rest) {
    const { box } = best;
    const same = rest.filter((other) => overlapOf(box, other.box).ofUnion >= limit || other === best);
    faces.push({ ...meanOf(same), score: best.score });
    rest = rest.filter((other) => !same.includes(other));
  }
  return faces;
}

/**
 * One detection a face among the answers of overlapping tiles, best first. Tiles differ in scale, so the better answer is kept as it
 * is; a box of which `limit` of the smaller area lies in a better one is the same face, seen in part.
 */
export function suppressAcrossTiles(detections: readonly Detection[], limit: number): Detection[] {
  const faces: Detection[] = [];
  for (const detection of [...detections].sort((a, b) => b.score - a.score)) {
    if (faces.every((face) => shareInSmaller(face.box, detection.box) < limit)) faces.push(detection);
  }
  return faces;
}

/** Share of the smaller of two boxes that lies in the larger, 0 … 1. */
export function shareInSmaller(a: Box, b: Box): number {
  return overlapOf(a, b).ofSmaller;
}

function overlapOf(a: Box, b: Box): { ofUnion: number; ofSmaller: number } {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  const common = Math.max(0, width) * Math.max(0, height);
  const areas = [a[2] * a[3], b[2] * b[3]] as const;
  return { ofUnion: common / (areas[0] + areas[1] - common), ofSmaller: common / Math.min(...areas) };
}

function meanOf(detections: readonly Detection[]): Pick<Detection, 'box' | 'five'> {
  const total = detections.reduce((sum, { score }) => sum + score, 0);
  const mean = (pick: (detection: Detection) => readonly number[], length: number): number[] =>
    Array.from({ length }, (_, k) =>
      detections.reduce((sum, detection) => sum + (detection.score / total) * (pick(detection)[k] as number), 0),
    );
  const [x, y, width, height] = mean(({ box }) => box, 4) as [number, number, number, number];
  return { box: [x, y, width, height], five: mean(({ five }) => five, 10) };
}
