import { join } from 'node:path';
import { publishFile } from '../../disk/publish-file.ts';
import { allPage, doubtsPage, PICTURES_A_PAGE, type PicturesPages, pageName } from './pictures-page.ts';

/**
 * Writes `index.html`, the pages of all pictures, and `report.json` last, into `folder`. Each appears whole or not at all, and replaces
 * that of an earlier run.
 *
 * @throws OutputError when the folder cannot be written to
 */
export async function writePicturesReport(folder: string, pages: PicturesPages): Promise<void> {
  const count = Math.ceil(pages.doubts.length / PICTURES_A_PAGE);
  for (let k = 0; k < count; k++) await publishFile(join(folder, pageName(k)), allPage(pages, k));
  await publishFile(join(folder, 'index.html'), doubtsPage(pages));
  await publishFile(join(folder, 'report.json'), `${JSON.stringify(pages.report, null, 2)}\n`);
}
