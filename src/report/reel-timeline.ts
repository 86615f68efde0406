import { type Html, html } from './html.ts';
import type { TracksFile } from './tracks-file.ts';

/** A shot's picture as a `data:` address. */
export interface StripPicture {
  readonly shot: number;
  /** Counted from 0. */
  readonly frame: number;
  readonly source: string;
}

/** Sizes in units of the view box. */
const WIDTH = 1000;
const SHOT_HEIGHT = 14;
const TRACK_HEIGHT = 14;
/** Of a letter of a track's name, at most on the mean. */
const LETTER_WIDTH = 6.5;

/** The strip of shots and, below it to scale, the frames of each track. */
export function reelTimeline(file: TracksFile, pictures: readonly StripPicture[]): Html {
  const { shots, tracks, reel } = file;
  const byShot = new Map(pictures.map((picture) => [picture.shot, picture]));
  const strip = shots.map((shot, index) => {
    const picture = byShot.get(index);
    const seen = tracks.filter((track) => track.shot === index);
    return html`<li>${picture ? html`<img src="${picture.source}" alt="Shot ${index + 1}, frame ${picture.frame + reel.first}">` : html`<span class="blank"></span>`}
<span><b>${index + 1}</b> ${shot.in + reel.first}–${shot.out - 1 + reel.first}</span><small>${shot.passed ? 'passed through' : seen.length === 0 ? 'no face' : seen.map((track) => track.cast ?? track.id).join(', ')}</small></li>`;
  });
  return html`<ol class="strip" tabindex="0" aria-label="Shots">${strip}</ol>${scale(file)}`;
}

function scale({ shots, tracks, reel }: TracksFile): Html {
  const start = shots[0]?.in ?? 0;
  const end = shots.at(-1)?.out ?? reel.frames;
  const x = (frame: number) => Math.round(((frame - start) / Math.max(1, end - start)) * WIDTH * 10) / 10;
  const rows = rowsOf(tracks);
  const height = SHOT_HEIGHT + 4 + rows.count * (TRACK_HEIGHT + 2);
  return html`<svg class="timeline" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${shots.length} shots and ${tracks.length} tracks over frames ${start + reel.first} to ${end - 1 + reel.first}">
${shots.map((shot, k) => html`<rect class="shot${k % 2 ? ' odd' : ''}" x="${x(shot.in)}" y="0" width="${x(shot.out) - x(shot.in)}" height="${SHOT_HEIGHT}"><title>Shot ${k + 1}</title></rect>`)}
${tracks.map((track) => {
  const y = SHOT_HEIGHT + 4 + (rows.of.get(track.id) ?? 0) * (TRACK_HEIGHT + 2);
  const width = Math.max(2, x(track.out) - x(track.in));
  const names = [`${track.id} ${track.cast ?? ''}`, track.id];
  const label = names.find(({ length }) => 10 + LETTER_WIDTH * length <= width) ?? '';
  return html`<g class="${track.cast === null ? 'uncast' : 'cast'}"><rect x="${x(track.in)}" y="${y}" width="${width}" height="${TRACK_HEIGHT}" rx="2"><title>${track.id}: ${track.cast ?? 'nobody'}</title></rect>${label !== '' && html`<text x="${x(track.in) + 5}" y="${y + 10.5}">${label}</text>`}</g>`;
})}
</svg>`;
}

/** The fewest rows in which no two tracks overlap: each goes to the first that is free again. */
function rowsOf(tracks: TracksFile['tracks']): { of: Map<string, number>; count: number } {
  const ends: number[] = [];
  const of = new Map<string, number>();
  for (const track of [...tracks].sort((a, b) => a.in - b.in)) {
    const free = ends.findIndex((end) => end <= track.in);
    const row = free < 0 ? ends.length : free;
    ends[row] = track.out;
    of.set(track.id, row);
  }
  return { of, count: ends.length };
}
