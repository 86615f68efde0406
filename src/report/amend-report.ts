import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publishFile } from '../disk/publish-file.ts';
import type { Report } from './report.ts';
import { outputSection } from './run-sections.ts';

/**
 * Writes the report of an earlier run again, with what has come to its output since; of the page only the section on the output changes.
 *
 * @throws OutputError when the folder cannot be written to
 */
export async function amendReport(folder: string, before: Report, after: Report): Promise<void> {
  const page = join(folder, 'index.html');
  const text = await readFile(page, 'utf8').catch(() => null);
  const [old, now] = [outputSection(before).markup, outputSection(after).markup];
  // A page that another version wrote, or that is gone, stays so.
  if (text?.includes(old))
    await publishFile(
      page,
      text.replace(old, () => now),
    );
  await publishFile(join(folder, 'report.json'), `${JSON.stringify(after, null, 2)}\n`);
}
