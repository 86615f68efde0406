import { contains } from '../film/range.ts';
import { RESTORERS } from '../restore/restorers.ts';
import { settingsSchema } from '../settings/preset-schema.ts';
import { checkChanges } from '../settings/setting-changes.ts';
import type { Decision, DecisionRequest } from './api.ts';
import { peopleIn, reviewChoices } from './reel-review.ts';
import { RequestRefused } from './refused.ts';
import type { ReadReport } from './report-folder.ts';
import { reviewStills } from './review-stills.ts';

/**
 * Refuses a decision on what there is not: it would do nothing, or make a redo fail.
 *
 * @throws RequestRefused, 400; PresetError for a setting's value
 */
export async function assertDecidable(
  { target, body }: DecisionRequest,
  report: ReadReport,
  decisions: readonly Decision[],
): Promise<void> {
  const refuse = (why: string): never => {
    throw new RequestRefused(400, why);
  };
  const { tracks, shots } = report.tracks;
  const track = target.scope === 'track' ? tracks.find(({ id }) => id === target.track) : undefined;
  if (target.scope === 'track' && !track) refuse('There is no such track in this reel.');
  if (target.scope === 'shot' && !shots[target.shot]) refuse('There is no such shot in this reel.');
  if ((body.what === 'cast' || body.what === 'pin') && !track) refuse(`To ${body.what} is of a track.`);
  if (body.what === 'cast' && body.as !== null && !peopleIn(report).includes(body.as)) {
    refuse(`There are no stills of such a person. People are ${peopleIn(report).join(', ') || 'none'}.`);
  }
  const ofReel = ['restorer', 'preset', 'setting', 'still'];
  if (ofReel.includes(body.what) && target.scope !== 'reel') refuse(`A ${body.what} is of the whole reel.`);
  if (body.what === 'pin' && track && !contains(track, body.frame)) refuse('The track does not show that frame.');
  if (body.what === 'box' && !contains(report, body.frame)) refuse('The restored range does not have that frame.');
  if (body.what === 'holdout' && !(body.in >= report.in && body.out <= report.out && body.in < body.out)) {
    refuse('The restored range does not have those frames.');
  }
  if (body.what === 'undo' && !decisions.some(({ id }) => id === body.of)) refuse('There is no such decision to undo.');
  if (body.what === 'restorer' || body.what === 'preset' || body.what === 'setting') {
    const { restorers, presets, settings } = await reviewChoices();
    if (body.what === 'restorer' && !restorers.includes(body.restorer))
      refuse(`Restorers are ${restorers.join(', ')}.`);
    if (body.what === 'preset' && !presets.includes(body.preset)) refuse(`Presets are ${presets.join(', ')}.`);
    if (body.what === 'setting') {
      // A path would make the server read a file that somebody in a browser chose.
      const isPath = typeof body.value === 'string' && /[\\/]|\.json$/.test(body.value);
      if (isPath || !settings.some(({ name }) => name === body.name))
        refuse('There is no such setting to decide on here.');
      if (body.value !== null) checkChanges({ [body.name]: body.value }, settingsSchema(RESTORERS), 'The setting');
    }
  }
  if (body.what === 'still') {
    const stills = await reviewStills(report.request, new Set());
    if (!stills.some(({ id }) => id === body.still)) refuse('There is no such still.');
  }
}
