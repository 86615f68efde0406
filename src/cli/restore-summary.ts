import { join } from 'node:path';
import type { RestoreSummary } from '../pipeline/job.ts';

/** The faces in figures; empty where none was restored. */
function facesLine(
  { tracks, refused, sharpness, likenessGain }: RestoreSummary['faces'],
  unit: RestoreSummary['unit'],
): string {
  if (tracks === 0) return '';
  const said = [
    unit === 'pictures' ? `${tracks} restored` : `${tracks} ${tracks === 1 ? 'track' : 'tracks'}`,
    sharpness === null ? '' : `sharpness × ${sharpness.toFixed(2)}`,
    likenessGain === null
      ? ''
      : `likeness to the stills ${likenessGain < 0 ? '−' : '+'}${Math.abs(likenessGain).toFixed(3)}`,
    refused === 0
      ? ''
      : unit === 'pictures'
        ? `${refused} left alone`
        : `left alone in ${refused} ${refused === 1 ? 'frame' : 'frames'}`,
  ];
  return `Faces   ${said.filter((part) => part !== '').join(', ')}\n`;
}

/** Summary of a restore in a few lines, and where its report is. */
export function restoreSummary(summary: RestoreSummary): string {
  const { unit, frames, restored, isolated, missing, takesKept, takesRedone, alreadyDone } = summary;
  const take = unit === 'pictures' ? 'picture' : 'take';
  const damaged = isolated > missing ? ` (${isolated - missing} of them damaged)` : '';
  const lacking = missing > 0 ? `; ${missing} had no file, and the output lacks ${missing === 1 ? 'it' : 'them'}` : '';
  const kept =
    takesKept > 0
      ? `; ${takesKept} ${takesKept === 1 ? `${take} was` : `${take}s were`} kept from an earlier run, ${takesRedone} ${unit === 'pictures' ? 'done' : 'rendered'} now`
      : '';
  const first = alreadyDone
    ? 'This was finished by an earlier run; there was nothing to do.'
    : `Restored ${restored} of ${frames} ${unit}; ${frames - restored - missing} passed on untouched${damaged}${lacking}${kept}.`;
  const device = `Device  ${summary.device.name}: ${summary.device.reason}\n`;
  const outputs = summary.outputs.map((path) => `Output  ${path}\n`).join('');
  const masters = summary.masters.map(({ path }) => `Master  ${path}\n`).join('');
  return `${first}\n${alreadyDone ? '' : facesLine(summary.faces, unit) + device}${outputs}${masters}Report  ${join(summary.report, 'index.html')}\n`;
}
