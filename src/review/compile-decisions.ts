import type { z } from 'zod';
import type { RestoreRequest } from '../pipeline/request/request.ts';
import { OVERRIDES_FORMAT, overridesSchema } from '../settings/overrides.ts';
import { parseSettings, readSettings } from '../settings/settings-file.ts';
import type { Decision } from './api.ts';
import { replayDecisions } from './decision-state.ts';

/** The content of an overrides file. */
export type OverridesFile = z.output<typeof overridesSchema>;

/** What a reel is restored with besides its overrides, after decisions. */
export type DecidedRequest = Pick<RestoreRequest, 'preset' | 'restorer' | 'settings'> & {
  /** Ids of stills that are left out. */
  readonly leftOut: ReadonlySet<string>;
};

/**
 * Decisions as an overrides file: those that the run was given, and over them those that stand.
 *
 * @param first the number that people give frame 0
 */
export function compileOverrides(before: OverridesFile, decisions: readonly Decision[], first: number): OverridesFile {
  let { cast, pins, holdouts } = before;
  for (const { target, body } of replayDecisions(decisions).standing) {
    const track = target.scope === 'track' ? target.track : null;
    if (body.what === 'cast' && track !== null) {
      cast = [...cast.filter((one) => one.track !== track), { track, as: body.as }];
    } else if (body.what === 'pin' && track !== null) {
      const frame = first + body.frame;
      pins = [
        ...pins.filter((one) => one.track !== track || one.frame !== frame),
        { frame, five: [...body.five], track },
      ];
    } else if (body.what === 'holdout') {
      const range = { in: first + body.in, out: first + body.out - 1 };
      holdouts = [...holdouts, body.box ? { ...range, box: [...body.box] } : range];
    }
  }
  return { format: OVERRIDES_FORMAT, cast, pins, holdouts };
}

/** The overrides that a run was given. @throws PresetError where its file is gone or malformed */
export async function overridesOf(file: string | undefined): Promise<OverridesFile> {
  if (file === undefined) return { format: OVERRIDES_FORMAT, cast: [], pins: [], holdouts: [] };
  return parseSettings('Overrides', file, overridesSchema, await readSettings('Overrides', file));
}

/** The settings of a run after decisions. */
export function compileRequest(
  before: Pick<RestoreRequest, 'preset' | 'restorer' | 'settings'>,
  decisions: readonly Decision[],
): DecidedRequest {
  let { preset, restorer } = before;
  const settings: Record<string, unknown> = { ...before.settings };
  const leftOut = new Set<string>();
  for (const { body } of replayDecisions(decisions).standing) {
    if (body.what === 'preset') preset = body.preset;
    else if (body.what === 'restorer') restorer = body.restorer as NonNullable<RestoreRequest['restorer']>;
    else if (body.what === 'setting') {
      const { name, value } = body;
      const old = before.settings?.[name];
      if (value !== null) settings[name] = value;
      else if (old === undefined) delete settings[name];
      else settings[name] = old;
    } else if (body.what === 'still') {
      if (body.leftOut) leftOut.add(body.still);
      else leftOut.delete(body.still);
    }
  }
  return { preset, restorer, settings, leftOut };
}
