import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { publish, unfinishedName, writeTextsDurably } from '../../disk/durable.ts';
import { packageVersion } from '../../disk/package-version.ts';
import { contains } from '../../film/range.ts';
import { formatRational } from '../../film/rational.ts';
import { frameNumber, frameTimecode } from '../../film/reel.ts';
import type { Output, OutputFrame } from '../../media/write/target.ts';
import { chainTexts } from '../../provenance/chain.ts';
import {
  EDIT_LOG_FORMAT,
  type EditedFrame,
  type EditedPart,
  type EditedTake,
  type EditHeader,
  editLines,
  type Treatment,
} from '../../provenance/edit-log.ts';
import { canonicalJson } from '../../settings/canonical-json.ts';
import { type CastTrack, tracksIn } from '../render/cast-track.ts';
import { networksOf } from '../render/choose-restorer.ts';
import type { RenderedTake } from '../render/render.ts';
import type { TakeOrigin } from '../work/take-origin.ts';
import type { RunFacts } from './report-run.ts';

/** In the report's folder. */
export const EDIT_LOG = 'edit-log.jsonl';

/** What a run's log is made of. */
export type LoggedRun = Pick<
  RunFacts,
  'key' | 'device' | 'analysis' | 'tracks' | 'rendered' | 'outputs' | 'networks' | 'authorisation'
> & { readonly origin: Pick<TakeOrigin, 'print' | 'networks'> };

/** Writes `edit-log.jsonl`, every altered frame of a run in a chain of hashes, into the report's folder, which is there. Whole or not at all. */
export async function writeEditLog(folder: string, run: LoggedRun): Promise<void> {
  const [output] = run.outputs;
  if (!output) return;
  const treatments = treatmentsOf(run);
  const log = { header: headerOf(run, output), treatments: [...treatments.values()] };
  const lines = editLines(log, partsOf(run, output, treatments));
  const path = join(folder, EDIT_LOG);
  const draft = unfinishedName(path);
  try {
    await writeTextsDurably(draft, chainTexts(lines));
    await publish(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
}

function headerOf(run: LoggedRun, { path, sha256, frames, pictures }: Output): EditHeader {
  const { reel, range, preset } = run.analysis;
  const { width, height, first, rate, format, timecode } = reel;
  const use = run.authorisation;
  return {
    kind: 'header',
    format: EDIT_LOG_FORMAT,
    version: packageVersion(),
    written: new Date().toISOString(),
    job: run.key,
    reel: {
      name: basename(reel.path),
      print: run.origin.print,
      ...{ width, height, rate: formatRational(rate), frames: reel.frames, first },
      timecode: timecode ?? null,
      samples: format.name,
    },
    range: { in: range.in, out: range.out },
    preset: { name: preset.name, hash: preset.hash },
    output: { name: basename(path), kind: pictures?.[0]?.name === undefined ? 'movie' : 'folder', sha256, frames },
    device: run.device.name,
    networks: run.networks.map(({ id, sha256: hash, licence, use: uses }) => ({
      id,
      sha256: hash,
      licence,
      use: uses,
    })),
    authorisation: use
      ? {
          sha256: use.sha256,
          people: use.people,
          allowedBy: use.allowedBy,
          purpose: use.purpose,
          until: use.until,
        }
      : null,
  };
}

/** The ways in which tracks were restored, by what tells them apart. */
function treatmentsOf({ tracks, origin }: LoggedRun): Map<string, Treatment> {
  const known = new Map<string, Treatment>();
  for (const track of tracks) {
    const key = treatmentKey(track);
    if (known.has(key)) continue;
    const { restorer, stills } = track.brief;
    known.set(key, {
      kind: 'treatment',
      id: known.size,
      restorer: restorer.name,
      settings: { ...restorer.settings },
      ...(restorer.masking ? { masking: restorer.masking } : {}),
      networks: networksOf(restorer).map((id) => ({ id: basename(id), sha256: hashIn(origin.networks[id]) })),
      stills: [...stills],
    });
  }
  return known;
}

function hashIn(hash: string | undefined): string | null {
  return hash !== undefined && /^[0-9a-f]{64}$/.test(hash) ? hash : null;
}

function treatmentKey({ brief: { restorer, stills } }: CastTrack): string {
  return canonicalJson({ restorer, stills });
}

/** The takes of a run with their altered frames, each made when it is asked for. */
function* partsOf(run: LoggedRun, output: Output, treatments: ReadonlyMap<string, Treatment>): Generator<EditedPart> {
  const damaged = [...run.analysis.reel.damaged.keys()].sort((a, b) => a - b);
  const byFrame = output.pictures && new Map(output.pictures.map((picture) => [picture.frame, picture]));
  for (const [k, one] of run.rendered.entries()) {
    const pictures: OutputFrame[] = [];
    for (let frame = one.take.in; frame < one.take.out; frame++) {
      const picture = byFrame?.get(frame);
      if (picture) pictures.push({ ...picture });
    }
    const take = takeOf(one, k, { damaged, pictures: byFrame ? pictures : null });
    yield { take, frames: framesOf(one, k, run, treatments) };
  }
}

function takeOf(
  { take, record }: RenderedTake,
  index: number,
  { damaged, pictures }: { readonly damaged: readonly number[]; readonly pictures: OutputFrame[] | null },
): EditedTake {
  return {
    kind: 'take',
    take: index,
    in: take.in,
    out: take.out,
    key: record.key,
    device: record.device,
    machine: record.machine ?? null,
    damaged: damaged.filter((frame) => contains(take, frame)),
    frames: pictures,
  };
}

/** The altered frames of a take, in order. */
function framesOf(
  { take, faces }: RenderedTake,
  index: number,
  { analysis: { reel }, tracks }: LoggedRun,
  treatments: ReadonlyMap<string, Treatment>,
): EditedFrame[] {
  const byFrame = new Map<number, EditedFrame['faces']>();
  for (const [k, track] of tracksIn(tracks, take).entries()) {
    const outcome = faces.faces[k];
    const edits = new Map(outcome?.edits?.map((edit) => [edit.frame, edit]));
    for (const { frame } of outcome?.restored ?? []) {
      const edit = edits.get(frame);
      const { region, pixels, before, after } = edit ?? {};
      const known = region && pixels !== undefined && before && after ? { region, pixels, before, after } : null;
      const treatment = treatments.get(treatmentKey(track))?.id ?? 0;
      const face = { track: track.id, person: track.person, treatment, matte: known };
      byFrame.set(frame, [...(byFrame.get(frame) ?? []), face]);
    }
  }
  return [...byFrame]
    .sort(([a], [b]) => a - b)
    .map(([frame, of]) => ({
      kind: 'frame',
      frame,
      number: frameNumber(reel, frame),
      timecode: frameTimecode(reel, frame),
      take: index,
      faces: of,
      approved: null,
    }));
}
