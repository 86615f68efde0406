import { type Html, html } from './html.ts';
import type { Report } from './report.ts';
import type { TracksFile } from './tracks-file.ts';

/** One row for each restored track, with figures before and after. */
export function faceTable({ faces, flicker }: Report, { tracks }: TracksFile): Html | false {
  const rows = tracks.flatMap((track) => {
    const figures = faces[track.id];
    return figures ? [{ track, figures, unsteady: flicker[track.id] ?? {} }] : [];
  });
  if (rows.length === 0) return false;
  const hasStills = rows.some(({ figures }) => figures.gate);
  const hasLikeness = rows.some(({ figures }) => figures.likeness);
  return html`<section><h2>Faces, before and after</h2><div class="scroll"><table class="numbers"><thead><tr><th>Track</th><th>frames</th><th>left alone</th><th>sharpness, %</th><th>flicker, levels</th><th>brightness flicker, %</th>${hasLikeness && html`<th>likeness</th>`}${hasStills && html`<th>stills agree</th>`}</tr></thead><tbody>${rows.map(
    ({ track, figures: { restored, refused, sharpness, likeness, gate }, unsteady }) =>
      html`<tr><th scope="row">${track.id} ${track.cast}</th><td>${restored}</td><td>${refused > 0 ? refused : '–'}</td><td>${change(sharpness?.before, sharpness?.after)}</td><td>${change(unsteady['hf2LpBefore'], unsteady['hf2LpAfter'])}</td><td>${change(unsteady['tfiBefore'], unsteady['tfiAfter'])}</td>${hasLikeness && html`<td>${change(likeness?.before, likeness?.after, 3)}</td>`}${hasStills && html`<td>${gate ? `${Math.round(100 * gate.mean)} %` : '–'}</td>`}</tr>`,
  )}</tbody></table></div>
<p class="hint below">Sharpness: detail as fine as lashes, without grain, over the face’s brightness. Flicker: change of shading from frame to frame beyond smooth motion, in levels of 255. Brightness flicker: the same for the mean of the face. A face should get sharper and flicker no more than its plate; the film’s own breathing stays.${hasLikeness && ' Likeness: the recogniser’s cosine between the face and the stills, 1 = alike.'}</p></section>`;
}

function change(before: number | null | undefined, after: number | null | undefined, places = 2): string {
  const text = (value: number | null | undefined) => value?.toFixed(places) ?? '–';
  return typeof before === 'number' || typeof after === 'number' ? `${text(before)} → ${text(after)}` : '–';
}
