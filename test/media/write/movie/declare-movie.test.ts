import { execFileSync } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openMovie } from '../../../../src/media/read/movie/probe-movie.ts';
import { openMovieTarget } from '../../../../src/media/write/movie/movie-target.ts';
import { ffmpeg, framemd5, make, moving, temporaryFolder } from '../../lavfi.ts';
import { FIRST, placeIn } from '../../write-take.ts';

const folder = await temporaryFolder();
const TYPE = 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced';
const COMMENT = 'Faces were restored.';
const declaring = () => ({ sourceType: TYPE, comment: COMMENT });
const PACKET =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="can 7"/></rdf:RDF></x:xmpmeta>';

async function drawn(...tags: string[]): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'source-')), 'film.mov');
  await make(`${moving('128x72', '24', 6)} -c:v prores -metadata`, 'title=A reel', ...tags, path);
  return path;
}

/** A movie made of all of another, as of one in which these restorers altered something. */
async function written(source: string, extension: string, restorers: readonly string[]) {
  const reel = await openMovie(source, { transfer: 'auto' }, ffmpeg);
  const out = join(await mkdtemp(join(folder, 'out-')), `out${extension}`);
  const target = await openMovieTarget(reel, { out, declaring }, ffmpeg);
  const segment = await target.copyTake({ in: 0, out: 6 }, placeIn(`${out}.work`));
  await target.conform([segment], { ...FIRST, restorers });
  return { out, notes: target.notes };
}

/** The file's tags, XMP among them, as ffprobe reads them. */
function tagsOf(path: string): Record<string, string> {
  const args = ['-v', 'error', ...(/\.mkv$/.test(path) ? [] : ['-export_xmp', '1'])];
  const text = execFileSync(ffmpeg.ffprobe, [...args, '-show_entries', 'format_tags', '-of', 'json', path]).toString();
  const { format } = JSON.parse(text) as { format: { tags: Record<string, string> } };
  return Object.fromEntries(Object.entries(format.tags).map(([key, value]) => [key.toLowerCase(), value]));
}

describe('a movie that declares that it was altered', () => {
  it.each(['.mov', '.mp4'])(
    'says so in XMP where it is %s, with the same frames as one that does not',
    async (kind) => {
      const source = await drawn();
      const [plain, declared] = [await written(source, kind, []), await written(source, kind, ['repair'])];
      expect(tagsOf(plain.out)).not.toHaveProperty('xmp');
      expect(tagsOf(plain.out)).not.toHaveProperty('comment');
      const { xmp, comment, title } = tagsOf(declared.out);
      expect(xmp).toContain(`Iptc4xmpExt:DigitalSourceType="${TYPE}"`);
      expect([comment, title]).toEqual([COMMENT, 'A reel']);
      expect(await framemd5(declared.out, 'yuv422p10le')).toEqual(await framemd5(plain.out, 'yuv422p10le'));
    },
  );

  it('says so in a tag where it is .mkv', async () => {
    const { out } = await written(await drawn(), '.mkv', ['repair']);
    expect(tagsOf(out)).toMatchObject({ digital_source_type: TYPE, comment: COMMENT, title: 'A reel' });
  });

  it.each(['.mov', '.mp4'])('has what the XMP of its source says, too, where it is %s', async (kind) => {
    const { out, notes } = await written(await drawn('-metadata', `xmp=${PACKET}`), kind, ['repair']);
    const { xmp = '' } = tagsOf(out);
    expect(xmp.startsWith(PACKET.slice(0, PACKET.indexOf('</rdf:RDF>')))).toBe(true);
    expect(xmp).toContain(`Iptc4xmpExt:DigitalSourceType="${TYPE}"`);
    expect(notes.filter((note) => /declare/.test(note))).toEqual([]);
  });

  it('keeps the comment and the type that its source has, and says that it does', async () => {
    const own = PACKET.replace(
      'dc:source',
      'xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" e:DigitalSourceType="negativeFilm" dc:source',
    );
    const source = await drawn('-metadata', `xmp=${own}`, '-metadata', 'comment=From the vault.');
    const { out, notes } = await written(source, '.mov', ['repair']);
    expect(tagsOf(out)).toMatchObject({ xmp: own, comment: 'From the vault.' });
    expect(notes).toContain(
      'The movie does not declare that it was altered: its XMP says "negativeFilm", which stays.',
    );
  });
});
