import { type Html, html } from './html.ts';
import { lineChart } from './line-chart.ts';
import type { TracksFile } from './tracks-file.ts';

/** What the page shows of a track beside what `tracks.json` says. */
export interface TrackView {
  /** Likeness to the person at each anchor, cosine; frames from 0. */
  readonly anchors: readonly { readonly frame: number; readonly similarity: number }[];
  /** Cosine from which the track counted as that person. */
  readonly threshold: number;
  /** Mean luma of the face under the matte, 0 … 1, before and after, a number for each frame that was restored. */
  readonly brightness?: readonly { readonly frame: number; readonly before: number; readonly after: number }[];
}

type Track = TracksFile['tracks'][number];
type TrackSighting = Track['sightings'][number];

/** A track with its casting and its curves. */
export function trackSection(track: Track, view: TrackView | undefined, first: number, open: boolean): Html {
  const frames = [track.in + first, track.out - 1 + first] as const;
  const sightings = track.sightings;
  const curve = (value: (sighting: TrackSighting) => number) =>
    sightings.map((sighting) => [sighting.frame + first, value(sighting)] as const);
  const detected = sightings.filter((sighting) => sighting.origin === 'detected').length;
  return html`<details class="track"${open && html` open`}>
<summary><b>${track.id}</b> <span class="${track.cast === null ? 'uncast' : 'cast'}">${track.cast ?? 'nobody'}</span> <span>similarity ${track.similarity.toFixed(2)}</span> <span>shot ${track.shot + 1}, frames ${frames[0]}–${frames[1]}</span> <span>${detected} detected, ${sightings.length - detected} carried</span></summary>
<div class="charts">
${
  view &&
  lineChart({
    title: 'Likeness at anchors',
    unit: 'cosine',
    frames,
    least: [0, 1],
    mark: { value: view.threshold, name: 'threshold' },
    series: [
      {
        name: track.cast ?? 'nearest person',
        points: view.anchors.map(({ frame, similarity }) => [frame + first, similarity] as const),
        style: 'stem',
      },
    ],
  })
}
${lineChart({
  title: 'Mouth and eyes',
  unit: 'opening over the distance between the eyes',
  frames,
  least: [0, 0.2],
  series: [
    { name: 'mouth', points: curve(({ mouth }) => mouth), style: 'line' },
    { name: 'eyes', points: curve(({ eyes }) => (eyes[0] + eyes[1]) / 2), style: 'line' },
  ],
})}
${lineChart({
  title: 'Motion',
  unit: '% of the distance between the eyes, a frame',
  frames,
  least: [0, 1],
  series: [{ name: 'motion', points: motionOf(sightings, first), style: 'line' }],
})}
${
  view?.brightness &&
  lineChart({
    title: 'Brightness of the face',
    unit: 'mean luma',
    frames,
    series: (['before', 'after'] as const).map((name) => ({
      name,
      points: (view.brightness ?? []).map((at) => [at.frame + first, at[name]] as const),
      style: 'line',
    })),
  })
}
</div></details>`;
}

/** How far the five points moved on average since the frame before. */
function motionOf(sightings: readonly TrackSighting[], first: number): (readonly [number, number])[] {
  return sightings.slice(1).map((sighting, k) => {
    const before = sightings[k]?.five ?? sighting.five;
    let sum = 0;
    for (let i = 0; i < 10; i += 2)
      sum += Math.hypot(at(sighting.five, i) - at(before, i), at(sighting.five, i + 1) - at(before, i + 1));
    const scale = Math.hypot(at(sighting.five, 2) - at(sighting.five, 0), at(sighting.five, 3) - at(sighting.five, 1));
    return [sighting.frame + first, scale > 0 ? (100 * sum) / 5 / scale : 0] as const;
  });
}

function at(numbers: readonly number[], index: number): number {
  return numbers[index] ?? 0;
}
