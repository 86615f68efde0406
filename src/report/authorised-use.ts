import { z } from 'zod';
import { type Html, html } from './html.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A record under which faces were put in others' places: what it says, and SHA-256 of its file. */
export const authorisedUseSchema = z.strictObject({
  sha256,
  /** `name` is the cast's, `shown` who is seen in the reel, `putIn` whose face is put there. */
  people: z.array(z.strictObject({ name: z.string(), shown: z.string(), putIn: z.string() })),
  allowedBy: z.string(),
  purpose: z.string(),
  reel: z.exactOptional(z.string()),
  from: z.exactOptional(z.iso.date()),
  until: z.iso.date(),
  /** SHA-256 of the public key that checks the signature beside it; absent where it has none. */
  signedBy: z.exactOptional(sha256),
});

export type AuthorisedUse = z.infer<typeof authorisedUseSchema>;

/** What records say, for the page. */
export function authorisedUses(uses: readonly AuthorisedUse[]): Html {
  return html`<h3>Authorisation</h3>${uses.map(
    ({ people, allowedBy, purpose, from, until, reel, sha256: print, signedBy }) => {
      const rows: (readonly [string, string])[] = [
        ...people.map(({ name, shown, putIn }) => [name, `${shown} is shown with the face of ${putIn}`] as const),
        ['Allowed by', allowedBy],
        ['For', purpose],
        ...(reel === undefined ? [] : [['Reel', reel] as const]),
        ['Holds', from === undefined ? `until ${until}` : `from ${from} until ${until}`],
        ['Record', print],
        ['Signed by key', signedBy ?? 'not signed'],
      ];
      return html`<dl class="facts">${rows.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
    },
  )}`;
}
