import { told } from './state.ts';

/** Says a sentence to the person. */
export function tell(sentence: string): void {
  told.value = { sentence, isFault: false };
}

/** Says what went wrong: the server's own sentence, or that it does not answer. */
export function tellFault(error: unknown): void {
  const isLost = error instanceof TypeError;
  const said = error instanceof Error ? error.message : String(error);
  told.value = { sentence: isLost ? 'The review does not answer. Does it still run?' : said, isFault: true };
}
