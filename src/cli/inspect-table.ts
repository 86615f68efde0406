import { basename } from 'node:path';
import { parseRational, toNumber } from '../film/rational.ts';
import type { TracksFile } from '../report/tracks-file.ts';
import { textTable } from './text-table.ts';

/** A table for people: the reel, its shots with tracks and casting, and the network runs. */
export function inspectTable(file: TracksFile): string {
  const { reel, shots, tracks } = file;
  const rate = toNumber(parseRational(reel.rate));
  const facts = [
    `${reel.width} × ${reel.height}`,
    `${Number.isInteger(rate) ? rate : rate.toFixed(3)} frames/s`,
    reel.samples,
    `${counted(reel.frames, 'frame')}, ${reel.first}–${reel.first + reel.frames - 1}`,
  ];
  const cast = tracks.filter((track) => track.cast !== null).length;
  return `${basename(reel.path)}  ${facts.join(', ')}
${counted(shots.length, 'shot')}, ${counted(tracks.length, 'track')}, ${cast} cast

${textTable(
  COLUMNS,
  shots.flatMap((_, index) => rowsOf(file, index)),
)}
${inference(file)}
`;
}

const COLUMNS = [
  { name: 'shot', align: 'right' },
  { name: 'frames', align: 'left' },
  { name: 'track', align: 'left' },
  { name: 'frames', align: 'left' },
  { name: 'cast', align: 'left' },
  { name: 'similarity', align: 'right' },
  { name: 'detected', align: 'right' },
  { name: 'carried', align: 'right' },
] as const;

function rowsOf({ shots, tracks, reel: { first } }: TracksFile, index: number): string[][] {
  const range = ({ in: from, out }: { in: number; out: number }) => `${from + first}–${out - 1 + first}`;
  const shot = shots[index];
  const lead = [String(index + 1), shot ? range(shot) : ''];
  const seen = tracks.filter((track) => track.shot === index);
  if (seen.length === 0) return [[...lead, '–', shot?.passed ? 'not looked at' : 'no face']];
  return seen.map((track, k) => {
    const detected = track.observations.filter((observation) => observation.origin === 'detected').length;
    return [
      ...(k === 0 ? lead : ['', '']),
      track.id,
      range(track),
      track.cast ?? '–',
      track.similarity?.toFixed(2) ?? '–',
      String(detected),
      String(track.observations.length - detected),
    ];
  });
}

function inference({ inference: counts, cached }: TracksFile): string {
  if (cached) return 'Network runs: none, the tracks were kept from an earlier run (--no-cache tracks again).';
  const networks = (['detector', 'landmarker', 'refiner', 'recogniser'] as const).flatMap((network) => {
    if (!counts[network]) return [];
    const reasons = Object.entries(counts[network]).filter(([, runs]) => runs > 0);
    const total = reasons.reduce((sum, [, runs]) => sum + runs, 0);
    const split = reasons.map(([reason, runs]) => `${reason} ${runs}`).join(', ');
    return `${network} ${total}${split && ` (${split})`}`;
  });
  return `Network runs: ${networks.join('; ')}.`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
