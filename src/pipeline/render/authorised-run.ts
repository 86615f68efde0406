import type { Reel } from '../../film/reel.ts';
import { reelFileName } from '../../film/reel-name.ts';
import { restorerNamed } from '../../restore/restorer-choice.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import type { Preset } from '../../settings/preset.ts';
import type { ChosenShot } from '../analysis/chosen-shots.ts';
import { type AuthorisedJob, assertAuthorised } from '../request/check-authorised.ts';
import { choicesOf, paintingsOf, type RestorerRequest } from './choose-restorer.ts';

/** What is known of a run before its reel is looked at. */
export interface RunToAuthorise {
  readonly preset: Preset;
  readonly chosen: readonly ChosenShot[] | null;
  /** Absent where it is not known yet. */
  readonly reel?: Pick<Reel, 'path'>;
}

/** Refuses a run any of whose restorers, the shots' own among them, needs a record that the job has not. @throws UsageError */
export function assertRunAuthorised(
  job: AuthorisedJob & RestorerRequest,
  { preset, chosen, reel }: RunToAuthorise,
): void {
  const choices = choicesOf(RESTORERS, paintingsOf({ preset, request: job }, chosen));
  const restorers = choices.map(({ name }) => restorerNamed(RESTORERS, name));
  assertAuthorised(restorers, job, reel ? { reel: reelFileName(reel) } : {});
}
