import { z } from 'zod';
import { type Html, html } from './html.ts';

/** A network that a run could open, and under which terms. */
export const networkLicenceSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  task: z.string(),
  /** Of the network's file as it is run, or of the first one that it was converted from. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** As the publisher states it. */
  licence: z.string(),
  use: z.enum(['free', 'non-commercial', 'copyleft', 'unknown']),
  /** Day on which the user accepted the licence; null where it is free. */
  accepted: z.iso.date().nullable(),
});

export type NetworkLicence = z.infer<typeof networkLicenceSchema>;

/** The networks, for the page. */
export function networkLicenceTable(networks: readonly NetworkLicence[]): Html {
  return html`<h3>Licences</h3><div class="scroll"><table><thead><tr><th>Network</th><th>Does</th><th>Licence as stated</th><th>Use</th><th>Accepted</th><th>SHA-256</th></tr></thead><tbody>${networks.map(
    ({ id, title, task, licence, use, accepted, sha256 }) =>
      html`<tr><td>${title} (${id})</td><td>${task}</td><td>${licence}</td><td>${use}</td><td>${accepted ?? '–'}</td><td><code>${sha256.slice(0, 16)}…</code></td></tr>`,
  )}</tbody></table></div>`;
}
