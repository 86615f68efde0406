/** Who writes files, in their fields for that. */
export const CREATOR = 'Reelmend';

/** What an altered picture or movie says of itself. */
export interface Declaration {
  /** IPTC's digital source type, a URI of that vocabulary. */
  readonly sourceType: string;
  /** What was done, as a sentence. */
  readonly comment: string;
}

/** A file, or what is put into one, with a declaration in it, as far as that was left open. */
export interface Declared<Holder> {
  readonly declared: Holder;
  /** What it says already, which stays and keeps the declaration out, continuing "its …"; null where it is declared. */
  readonly kept: string | null;
}
