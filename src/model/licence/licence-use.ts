import type { Contract } from '../contract.ts';

/** What a network's licence lets a user do, as far as it is stated. */
export type LicenceUse = 'free' | 'non-commercial' | 'copyleft' | 'unknown';

/** SPDX identifiers of licences that let everybody use, change and pass on a work for any purpose. */
const PERMISSIVE: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BSL-1.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
  'Zlib',
];

/** What a contract's licence lets a user do: as it says itself, else by the identifier; unknown where that is not a known permissive one. */
export function licenceUse({ licence }: Pick<Contract, 'licence'>): LicenceUse {
  return licence.use ?? (PERMISSIVE.includes(licence.stated) ? 'free' : 'unknown');
}
