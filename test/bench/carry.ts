import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Networks } from '../../src/carry/track/counted-networks.ts';
import { openDetector } from '../../src/model/detector.ts';
import { openLandmarker } from '../../src/model/landmarker.ts';
import { openLibrary } from '../../src/model/library.ts';
import { openRecogniser } from '../../src/model/recogniser.ts';
import { RESTORERS } from '../../src/restore/restorers.ts';
import { loadPreset, type Preset } from '../../src/settings/preset.ts';
import type { Bench, Outcome } from './bench.ts';
import { FOOTAGE_COLUMNS, footageCase } from './carry-clip.ts';
import { clipsOf } from './carry-footage.ts';
import { GROUP_COLUMNS, GROUP_CONDITIONS, groupCase, nameOfGroup } from './carry-group.ts';
import { CONDITIONS, KNOWN_COLUMNS, knownCase, nameOf, uprightFaces } from './carry-known.ts';
import { SCHEMES, trackBy } from './carry-schemes.ts';
import { knownMotionClip } from './known-motion.ts';
import type { UprightFace } from './upright-face.ts';

/** What one clip or condition gave: a row of its table, what else was measured, and goals that it missed. */
export interface CarryCase {
  readonly row: readonly (string | number)[];
  readonly facts: unknown;
  readonly broken: readonly string[];
}

/** What every case looks with. */
export interface CarryBench {
  readonly networks: Networks;
  readonly preset: Preset;
}

/** Lets every scheme look once: what the engine compiles at first is no part of its time. */
async function warmUp(face: UprightFace, { networks, preset }: CarryBench): Promise<void> {
  const { pictures } = knownMotionClip(face, { motion: 'turning', interOcular: 80, grain: 3, frames: 30, seed: 99 });
  for (const scheme of SCHEMES) await trackBy(scheme, pictures, networks, preset);
}

/**
 * Steadiness, runs and time of carrying against looking at every frame. `--only` names parts: `known`, `group`, `footage`, a clip or a motion
 * (`--only webcam,fast`). After each case all that was found so far is in `partial.json`.
 */
export const carryBench: Bench = async ({ folder, only = [], say }): Promise<Outcome> => {
  const preset = await loadPreset('restore', RESTORERS);
  const library = openLibrary();
  await using detector = await openDetector(library, preset.models.detector);
  await using landmarker = await openLandmarker(library, preset.models.landmarker);
  await using recogniser = await openRecogniser(library, preset.models.recogniser);
  const bench: CarryBench = { networks: { detector, landmarker, recogniser }, preset };
  const isAsked = (name: string) => only.length === 0 || only.some((part) => name.includes(part));

  const conditions = CONDITIONS.filter((condition) => isAsked(`known ${nameOf(condition)}`));
  const groups = GROUP_CONDITIONS.filter((condition) => isAsked(`group ${nameOfGroup(condition)}`));
  const clips = [...(await clipsOf('talking')), ...(await clipsOf('people'))].filter((c) => isAsked(`footage ${c}`));
  const faces = await uprightFaces(bench.networks);
  await warmUp(faces[0] as UprightFace, bench);
  const found: { readonly known: CarryCase[]; readonly groups: CarryCase[]; readonly footage: CarryCase[] } = {
    known: [],
    groups: [],
    footage: [],
  };
  const keep = () => writeFile(join(folder, 'partial.json'), `${JSON.stringify(found, null, 2)}\n`);
  for (const condition of conditions) {
    say(nameOf(condition));
    found.known.push(await knownCase(condition, faces, bench));
    await keep();
  }
  for (const condition of groups) {
    say(nameOfGroup(condition));
    found.groups.push(await groupCase(condition, bench));
    await keep();
  }
  for (const clip of clips) {
    say(clip);
    found.footage.push(await footageCase(clip, bench));
    await keep();
  }
  const tables = [
    {
      title: 'Known motion (second difference and spread, % of inter-ocular distance; the worst of three stills)',
      columns: KNOWN_COLUMNS,
      rows: found.known.map(({ row }) => row),
    },
    {
      title: 'Several faces in one picture (the same, of the worst of them)',
      columns: GROUP_COLUMNS,
      rows: found.groups.map(({ row }) => row),
    },
    {
      title: 'Footage (the first six seconds of each clip)',
      columns: FOOTAGE_COLUMNS,
      rows: found.footage.map(({ row }) => row),
    },
  ];
  return {
    tables: tables.filter(({ rows }) => rows.length > 0),
    facts: {
      knownMotion: found.known.map(({ facts }) => facts),
      groups: found.groups.map(({ facts }) => facts),
      footage: found.footage.map(({ facts }) => facts),
    },
    broken: [...found.known, ...found.groups, ...found.footage].flatMap(({ broken }) => broken),
  };
};
