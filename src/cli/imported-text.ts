import { licenceUse } from '../model/licence/licence-use.ts';
import type { ImportedFile } from '../model/own/import-models.ts';

/** What networks of a task are for, and the flag that takes one. */
const PURPOSES: Readonly<Record<string, (id: string) => string>> = {
  detect: (id) => `finds faces: --detector ${id}`,
  landmark: (id) => `places landmarks: --landmarker ${id}`,
  recognise: (id) => `tells who a face is: --recogniser ${id}`,
  upscale: (id) => `makes a face finer: --restorer enhance --enhancer ${id}`,
  restore: (id) => `restores a face: --restorer enhance --enhancer ${id}`,
  mask: (id) => `tells a face from what is before it: --masker ${id}`,
  swap: (id) => `puts a face in another’s place: --restorer swap --model ${id}`,
};

const OUTCOMES = {
  added: 'new',
  kept: 'as it was',
  moved: 'moved',
  changed: 'changed',
} as const;

/** What became of an imported file, as a few lines: what it is, what for, under which licence, how it was recognised, or why not. */
export function importedText(file: ImportedFile): string {
  if (file.outcome === 'refused') return lines(`${file.path}  not imported`, file.why);
  const { outcome, contract, said } = file;
  const { id, title, task, licence } = contract;
  const purpose = PURPOSES[task]?.(id) ?? `is used by others (${task})`;
  const use = licenceUse(contract);
  const accept = use === 'free' ? '' : ` Its first run needs --accept-licence ${id}.`;
  return lines(`${file.path}  ${id} (${OUTCOMES[outcome]})`, [
    `${title}; ${purpose}`,
    `Licence: ${licence.stated} (${use}), as stated in ${licence.statedIn.replace(/\.$/, '')}.${accept}`,
    said.join(' '),
  ]);
}

function lines(first: string, more: readonly string[]): string {
  return `${[first, ...more.map((line) => `  ${line}`)].join('\n')}\n`;
}
