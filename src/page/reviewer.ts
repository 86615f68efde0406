import { signal } from '@preact/signals';
import { keepText, keptText } from './kept.ts';

/** The name that stands beside this person's decisions; empty until it is given. */
export const reviewer = signal(keptText('reviewer') ?? '');

/** Waits for the name while it is asked for; null while it is not. */
export const nameAsked = signal<((name: string | null) => void) | null>(null);

/** The person's name, which is asked for where it is not known; null where it was not given. */
export function reviewerName(): Promise<string | null> {
  return reviewer.value === '' ? askName() : Promise.resolve(reviewer.value);
}

/** Asks for the name, known or not; null where the question was closed. */
export async function askName(): Promise<string | null> {
  nameAsked.value?.(null);
  const name = await new Promise<string | null>((resolve) => {
    nameAsked.value = resolve;
  });
  nameAsked.value = null;
  if (name !== null) {
    reviewer.value = name;
    keepText('reviewer', name);
  }
  return name;
}
