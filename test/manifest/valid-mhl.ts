import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { validateXML } from 'xmllint-wasm';

const SCHEMAS = join(import.meta.dirname, '..', 'fixtures', 'mhl');

/** What the official schema of manifests, or of chains, says against a file: nothing where it is valid. */
export async function faultsByXsd(path: string): Promise<readonly string[]> {
  const manifests = { fileName: 'ASCMHL.xsd', contents: await readFile(join(SCHEMAS, 'ASCMHL.xsd'), 'utf8') };
  const chains = {
    fileName: 'ASCMHLDirectory.xsd',
    // The schema names its other half by address; here both lie in one folder.
    contents: (await readFile(join(SCHEMAS, 'ASCMHLDirectory.xsd'), 'utf8')).replace(
      /schemaLocation="[^"]*"/,
      'schemaLocation="ASCMHL.xsd"',
    ),
  };
  const { errors } = await validateXML({
    xml: { fileName: 'document.xml', contents: await readFile(path, 'utf8') },
    schema: basename(path).endsWith('.mhl') ? manifests : chains,
    preload: manifests,
  });
  return errors.map(({ message }) => message);
}
