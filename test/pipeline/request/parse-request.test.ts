import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asFlag } from '../../../src/pipeline/request/field-name.ts';
import { parseInspect, parseRestore } from '../../../src/pipeline/request/parse-request.ts';
import { DEFAULTS, type RestoreRequest } from '../../../src/pipeline/request/request.ts';

let folder: string;
let still: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-request-'));
  still = join(folder, 'still.png');
  await writeFile(still, 'not yet looked at');
});
afterAll(() => rm(folder, { recursive: true }));

/** A request as a program without types may write it. */
const untyped = (request: Record<string, unknown>) => request as unknown as RestoreRequest;

describe('a request of a program', () => {
  it('is whole with a reel, an output and stills: the rest is filled in, paths are absolute', () => {
    expect(parseRestore({ reel: 'scan', out: 'out', references: [still] })).toEqual({
      ...DEFAULTS,
      reel: resolve('scan'),
      out: resolve('out'),
      references: [{ name: 'actor', paths: [still] }],
      find: [],
      masters: [],
      models: {},
      settings: {},
    });
  });

  it('names folders for compositors, which are made absolute, and the alpha of patches by its name', () => {
    const job = parseRestore({ reel: 'scan', out: 'out', patches: 'comp', tracks: 'comp', patchAlpha: 'straight' });
    expect(job).toMatchObject({ patches: resolve('comp'), tracks: resolve('comp'), patchAlpha: 'straight' });
    expect(() => parseRestore(untyped({ reel: 'scan', out: 'out', patchAlpha: 'strait' }), asFlag)).toThrow(
      '--patch-alpha "strait" is not one of premultiplied, straight. Did you mean "straight"?',
    );
  });

  it('names the networks of the restorer that it names: short for the settings that they are', () => {
    const asked = (networks: Partial<RestoreRequest>) =>
      parseRestore({ reel: 'scan', out: 'out', ...networks }).settings;
    expect(asked({ restorer: 'enhance', enhancer: 'mine' })).toEqual({ 'enhance.model': 'mine' });
    expect(asked({ masker: ['xseg_1, xseg_2'] })).toEqual({ 'masking.models': ['xseg_1', 'xseg_2'] });
    expect(asked({ restorer: 'enhance', model: 'own/mine.json', settings: { 'enhance.strength': 0.5 } })).toEqual({
      'enhance.model': 'own/mine.json',
      'enhance.strength': 0.5,
    });
  });

  it.each<[string, Partial<RestoreRequest>, string]>([
    [
      'no restorer',
      { model: 'mine' },
      '--model mine: it is a network of a restorer. Name the restorer too, such as --restorer enhance.',
    ],
    [
      'a restorer without one',
      { restorer: 'repair', enhancer: 'mine' },
      '--enhancer mine: the restorer "repair" takes no such network. --restorer enhance or swap does; or leave it out.',
    ],
  ])('with a network and %s is refused, since it would do nothing', (_, odd, sentence) => {
    const refusal = (more: Partial<RestoreRequest>) => () =>
      parseRestore({ reel: 'scan', out: 'out', ...more }, asFlag);
    expect(refusal(odd)).toThrow(sentence);
    expect(refusal({ ...odd, restorer: 'enhance' })).not.toThrow();
  });

  it('gives frames, rates and people as texts or as values', () => {
    const asTexts = { range: '1001-1048', rate: '23.976', find: [`anna=${still}`] };
    const asValues = {
      range: { first: 1001, last: 1048 },
      rate: { num: 24000, den: 1001 },
      find: [{ name: 'anna', paths: [still] }],
    };
    expect(parseInspect({ reel: 'scan', ...asTexts })).toEqual(parseInspect({ reel: 'scan', ...asValues }));
  });

  it('may leave a field undefined', () => {
    expect(parseInspect({ reel: 'scan', preset: undefined, models: { detector: undefined } })).toEqual(
      parseInspect({ reel: 'scan' }),
    );
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a misspelt field', { refrences: [] }, '"refrences" is not a field of a request. Did you mean "references"?'],
    [
      'a misspelt field within a field',
      { models: { detektor: 'x' } },
      '"models.detektor" is not a field of a request. Did you mean "detector"?',
    ],
    ['a choice that is none', { grain: 'non' }, 'grain "non" is not one of own, none. Did you mean "none"?'],
    [
      'a kind of frames that is none',
      { as: 'dpx9' },
      'as "dpx9" is not one of dpx, dpx8, dpx10, dpx12, dpx16, tiff, tiff8, tiff16, exr, exr-half, exr-float. Did you mean "dpx"?',
    ],
    ['a number below 0', { startNumber: -1 }, 'startNumber should be a whole number from 0 on, but is -1.'],
    [
      'a first number of frames that keep their own',
      { startNumber: 7 },
      'startNumber 7: only frames that are written as another kind of stills are numbered anew. Add as dpx, tiff or exr and a folder as out, or leave it out.',
    ],
    [
      'the alpha of patches that are not written',
      { patchAlpha: 'straight' },
      'patchAlpha straight: no patches are written. Add patches and a folder for them, or leave it out.',
    ],
    [
      'a folder of masters that are not made',
      { mastersFolder: 'delivery' },
      'mastersFolder "delivery": no masters are made. Add masters and a preset such as prores-422-hq, or leave it out.',
    ],
    [
      'a misspelt setting',
      { settings: { 'detail.strenght': 1 } },
      'settings detail.strenght=1: "detail.strenght" is not a setting. Did you mean "detail.strength"?',
    ],
    ['a value of another type', { keepWork: 'yes' }, 'keepWork should be true or false, but is "yes".'],
    ['a share beyond all', { maxIsolated: 3 }, 'maxIsolated should be a share from 0 to 1, but is 3.'],
    [
      'a still that is none',
      { references: [7] },
      'references.0 should be a path, "name=path", or { name, paths }, but is 7.',
    ],
    [
      'a still that is not there',
      { references: ['/none.png'] },
      'references "/none.png": there is no file or folder "/none.png". Check the path.',
    ],
    [
      'nobody to cast',
      { faces: 'cast' },
      'faces cast: nobody was given. Add references or find and stills, or take faces all.',
    ],
  ])('with %s is refused in a sentence that names the field', (_, odd, sentence) => {
    expect(() => parseRestore(untyped({ reel: 'scan', out: 'out', ...odd }))).toThrow(
      expect.objectContaining({ name: 'UsageError', message: sentence }),
    );
  });

  it('without an output says what is missing', () => {
    expect(() => parseRestore(untyped({ reel: 'scan' }))).toThrow('out should be a path, but is missing.');
  });
});

describe('a request of the command line', () => {
  it('is refused in the words of its flags', () => {
    expect(() => parseRestore(untyped({ reel: 'scan', out: 'out', maxIsolated: 3 }), asFlag)).toThrow(
      '--max-isolated should be a share from 0 to 1, but is 3.',
    );
    expect(() => parseRestore({ reel: 'scan', out: 'out', mastersFolder: 'delivery' }, asFlag)).toThrow(
      '--masters "delivery": no masters are made. Add --master and a preset such as prores-422-hq, or leave it out.',
    );
  });
});

describe('a request to restore each picture by itself', () => {
  const each = (more: Partial<RestoreRequest>) =>
    parseRestore({ reel: 'album', out: 'out', each: true, ...more }, asFlag);

  it('is refused with the restorer that lives of neighbouring frames, and told those that do not', () => {
    expect(() => each({ restorer: 'repair' })).toThrow(
      '--restorer repair restores a face from the frames before and behind it, and pictures of --each have none. Take --restorer detail, enhance, replace or swap.',
    );
    expect(each({ restorer: 'enhance' })).toMatchObject({ each: true, restorer: 'enhance' });
  });

  it('is refused with a restorer that puts a face in another’s place without a record of who allowed it', () => {
    expect(() => each({ restorer: 'swap', references: [still] })).toThrow(/^--restorer swap .* Add --authorisation/);
  });

  it('wants stills where the restorer has nothing else', () => {
    expect(() => each({ restorer: 'detail' })).toThrow(
      '--each with --restorer detail needs the faces to restore with: a picture by itself has nothing else. Add --reference and a still, or a folder of stills, of each person; or take --restorer enhance, which needs none.',
    );
    expect(each({ restorer: 'detail', references: [still] })).toMatchObject({ restorer: 'detail' });
  });

  it.each([
    ['--range', { range: '1-8' }],
    ['--as', { as: 'dpx' }],
    ['--mattes', { mattes: 'm' }],
    ['--master', { masters: ['prores-422-hq'] }],
    ['--keep-work', { keepWork: true }],
    ['--allow-gaps', { allowGaps: true }],
  ])('is refused with %s, which is for reels', (flag, more) => {
    expect(() => each({ restorer: 'enhance', ...more })).toThrow(
      `${flag} is for reels: with --each every picture is restored by itself, in its own kind and under its own name. Leave one of the two out.`,
    );
  });

  it('is refused with stills that are frames of a reel', () => {
    expect(() => each({ references: ['anna=reel:1043'] })).toThrow(
      '--reference anna=reel:1043: pictures of --each have no frame numbers. Give files or folders of stills.',
    );
  });
});
