import { digitalSourceType } from '../digital-source-type.ts';
import type { EditLog } from '../edit-log.ts';

/** The assertion by which a manifest names the output and its edit log. */
export const OUTPUT_ASSERTION = 'org.reelmend.output';

/** What is signed of an output. */
export interface CredentialFacts {
  readonly log: EditLog;
  /** SHA-256 of `edit-log.jsonl`. */
  readonly logHash: string;
  /** Where the chain of approvals ends: how many lines, and SHA-256 of the last. Absent where there are none. */
  readonly approvals?: { readonly lines: number; readonly sha256: string };
  /** Given where not the log's output is signed, but a master of it; its SHA-256 is of the file, or of a list of its frames' hashes. */
  readonly master?: { readonly name: string; readonly frames: number; readonly sha256: string };
}

/** A manifest's definition as the library takes it, and the actions that follow the opening of the reel. */
export function manifestOf({ log, logHash, approvals, master }: CredentialFacts): {
  readonly definition: object;
  readonly actions: readonly object[];
} {
  const { header, treatments, frames } = log;
  const { output, reel, networks } = header;
  const signed = master ?? output;
  const used = new Set(treatments.flatMap((treatment) => treatment.networks.map(({ sha256 }) => sha256)));
  const definition = {
    title: signed.name,
    claim_generator_info: [{ name: 'Reelmend', version: header.version }],
    assertions: [
      {
        label: OUTPUT_ASSERTION,
        data: {
          // Before it was signed, where the manifest lies in the file.
          output: { name: signed.name, frames: signed.frames, sha256: signed.sha256 },
          ...(master ? { masterOf: { name: output.name, frames: output.frames, sha256: output.sha256 } } : {}),
          editLog: { sha256: logHash, altered: frames.length },
          reel: { name: reel.name, frames: reel.frames, print: reel.print },
          stills: [...new Set(treatments.flatMap(({ stills }) => stills))],
          networks: networks.filter(({ sha256 }) => used.has(sha256)),
          authorisation: header.authorisation?.sha256 ?? null,
          ...(approvals ? { approvals } : {}),
        },
      },
    ],
  };
  const restorers = [...new Set(treatments.map(({ restorer }) => restorer))];
  const actions = restorers.map((restorer) => {
    const ids = new Set(treatments.filter((one) => one.restorer === restorer).map(({ id }) => id));
    const altered = frames.filter(({ faces }) => faces.some(({ treatment }) => ids.has(treatment))).length;
    return {
      action: 'c2pa.edited',
      softwareAgent: { name: 'Reelmend', version: header.version },
      digitalSourceType: digitalSourceType(restorer),
      description: `Faces restored with "${restorer}" in ${altered} of ${output.frames} frames${master ? ` of "${output.name}"` : ''}.`,
    };
  });
  return { definition, actions: master ? [...actions, transcoded(header.version)] : actions };
}

/** Of a master, which is encoded anew. */
function transcoded(version: string): object {
  return { action: 'c2pa.transcoded', softwareAgent: { name: 'Reelmend', version } };
}

/** What it was made of as the manifest's parent: of an output the reel, of a master the output. */
export function parentIngredient({ log: { header }, master }: CredentialFacts): object {
  return {
    title: (master ? header.output : header.reel).name,
    relationship: 'parentOf',
    format: 'application/octet-stream',
  };
}
