import type { Contract } from '../contract.ts';
import { licenceUse } from './licence-use.ts';

/** What a use means, as the rest of a sentence after "is". */
const MEANS = {
  free: 'free for any use',
  'non-commercial': 'not for commercial use',
  copyleft: 'for those who pass on what they make with it under its terms',
  unknown: 'not known to allow your use',
} as const;

/** A run would open networks whose licences the user has not accepted. Names them all, with the flags that accept them. */
export class LicenceError extends Error {
  override readonly name = 'LicenceError';
  /** Ids of the networks. */
  readonly models: readonly string[];

  constructor(lacking: readonly Pick<Contract, 'id' | 'title' | 'licence'>[]) {
    const lines = lacking.map(
      (one) =>
        `  ${one.id} (${one.title}): "${one.licence.stated}", as stated in ${withoutStop(one.licence.statedIn)}; it is ${MEANS[licenceUse(one)]}.`,
    );
    const flags = lacking.map(({ id }) => `--accept-licence ${id}`).join(' ');
    super(
      `${lacking.length === 1 ? 'This network’s licence is' : 'These networks’ licences are'} not free, and not accepted yet:\n${lines.join('\n')}\n` +
        `Read ${lacking.length === 1 ? 'it' : 'them'}; where ${lacking.length === 1 ? 'it allows' : 'they allow'} what you do, add once: ${flags}`,
    );
    this.models = lacking.map(({ id }) => id);
  }
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}
