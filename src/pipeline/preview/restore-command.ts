import { join } from 'node:path';
import { formatRational } from '../../film/rational.ts';
import type { Reel } from '../../film/reel.ts';
import { changeTexts } from '../../settings/setting-changes.ts';
import type { PersonStills, PreviewJob, PreviewVersion } from '../job.ts';
import { DEFAULTS } from '../request/request.ts';

/**
 * The words of the command that restores a whole reel as a version of its preview shows it, each as the shell is to hand it over.
 *
 * @param out where the restored reel is to go
 */
export function restoreWords(
  job: PreviewJob,
  { restorer = job.restorer, settings }: PreviewVersion,
  out: string,
): string[] {
  const flag = (name: string, value: string | undefined, usual?: string) =>
    value === undefined || value === usual ? [] : [`--${name}`, value];
  const on = (name: string, isOn: boolean) => (isOn ? [`--${name}`] : []);
  const { models } = job;
  return [
    ...['reelmend', 'restore', job.reel, '--out', out],
    ...job.references.flatMap((person) => stillsOf('--reference', person)),
    ...job.find.flatMap((person) => stillsOf('--find', person)),
    ...flag('preset', job.preset, DEFAULTS.preset),
    ...changeTexts({ ...job.settings, ...settings }).flatMap((text) => ['--set', text]),
    ...flag('restorer', restorer),
    ...flag('authorisation', job.authorisation?.file),
    ...flag('faces', job.faces),
    ...on('except', job.except),
    ...flag('grain', job.grain, DEFAULTS.grain),
    ...flag('reuse', job.reuse ? 'on' : 'off', 'on'),
    ...flag('overrides', job.overrides),
    ...flag('shots', job.shots),
    ...flag('transfer', job.transfer, DEFAULTS.transfer),
    ...flag('rate', job.rate && formatRational(job.rate)),
    ...flag('layer', job.layer),
    ...flag('detector', models.detector),
    ...flag('landmarker', models.landmarker),
    ...flag('recogniser', models.recogniser),
    ...flag('device', job.device, DEFAULTS.device),
    ...flag('ffmpeg', job.ffmpeg),
    ...on('allow-gaps', job.allowGaps),
    ...on('verify-reel', job.verifyReel),
    ...on('no-cache', !job.cache),
  ];
}

/** Where a reel that is previewed in `folder` would be restored to: beside the preview. */
export function restoredPath(folder: string, reel: Reel): string {
  const name = folder.replace(/\.preview$/, '');
  return join(reel.kind === 'movie' ? `${name}-restored.mkv` : `${name}-restored`);
}

function stillsOf(flag: string, { name, paths, frames }: PersonStills): string[] {
  const asked = frames === undefined ? [] : [`reel:${frames === 'auto' ? frames : frames.join(',')}`];
  return [...paths, ...asked].flatMap((stills) => [flag, `${name}=${stills}`]);
}

/** Words as they are typed into a POSIX shell. */
export function shellLine(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}
