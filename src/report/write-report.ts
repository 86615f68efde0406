import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, publish, unfinishedName, writeDurably } from '../disk/durable.ts';
import type { Report } from './report.ts';
import { type ReportPage, renderReportPage } from './report-page.ts';
import type { TracksFile } from './tracks-file.ts';

/** What a report is made of. */
export interface WrittenReport {
  readonly report: Report;
  readonly tracks: TracksFile;
  readonly page: ReportPage;
  /** What lies beside them: lists of its shots for editors, figures by frame, the request. By their files' names. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Writes `report.json`, `tracks.json`, `index.html` and what lies beside them into `folder`, which is made where it is missing. Each appears whole or not
 * at all, and replaces that of an earlier run.
 *
 * @throws OutputError when the folder cannot be written to.
 */
export async function writeReport(folder: string, { report, tracks, page, files }: WrittenReport): Promise<void> {
  await makeFolder(folder);
  await writeWhole(join(folder, 'tracks.json'), JSON.stringify(tracks));
  for (const [name, text] of files) await writeWhole(join(folder, name), text);
  await writeWhole(join(folder, 'index.html'), await renderReportPage(page));
  // Written last: a run that finds it takes the job as finished.
  await writeWhole(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
}

async function writeWhole(path: string, text: string): Promise<void> {
  const draft = unfinishedName(path);
  try {
    await writeDurably(draft, Buffer.from(text));
    await publish(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
}
