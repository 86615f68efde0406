import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { readAuthorisation } from '../../src/settings/authorisation.ts';
import { ended } from './captured-io.ts';

let folder: string;
let still: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-cli-'));
  still = join(folder, 'still.png');
  await writeFile(still, 'not yet looked at');
});
afterAll(() => rm(folder, { recursive: true }));

/** A command line that is whole but for what is added to it. */
const restore = (...more: string[]) => ['restore', 'reel', '--out', 'out', '--reference', still, ...more];

describe('a command line that means nothing', () => {
  it.each<[string, () => string[], string]>([
    ['an unknown command', () => ['restor', 'reel'], "unknown command 'restor'. Did you mean restore?"],
    ['an unknown flag', () => restore('--presset', 'x'), "unknown option '--presset'. Did you mean --preset?"],
    [
      'an unknown flag like no other',
      () => ['inspect', 'reel', '--zzz'],
      "unknown option '--zzz'. Add --help to see what there is.",
    ],
    [
      'a flag without its value',
      () => restore('--range'),
      "option '--range <first-last>' argument missing. Add --help to see what there is.",
    ],
    ['no reel', () => ['inspect'], "missing required argument 'reel'. Add --help to see what there is."],
    [
      'two reels',
      () => ['inspect', 'a', 'b'],
      "too many arguments for 'inspect'. Expected 1 argument but got 2. Add --help to see what there is.",
    ],
    [
      'no output',
      () => ['restore', 'reel'],
      "required option '--out <path>' not specified. Add --help to see what there is.",
    ],
    [
      'no reference for a restorer that needs one',
      () => ['restore', 'reel', '--out', 'out', '--restorer', 'detail'],
      '--restorer detail needs the face to restore with. Add --reference and a still, or a folder of stills, of the actor; or take --restorer repair or enhance, which need none.',
    ],
    [
      'nobody to restore alone',
      () => ['restore', 'reel', '--out', 'out', '--faces', 'cast'],
      '--faces cast: nobody was given. Add --reference or --find and stills, or take --faces all.',
    ],
    [
      'a list of shots that would be written over the one that is read',
      () => ['inspect', 'reel', '--shots', 'cut.csv', '--shot-list', './cut.csv'],
      '--shot-list "./cut.csv" is the list that --shots reads, and what it asks for would be lost. Give it another name.',
    ],
    [
      'an unknown kind of grain',
      () => restore('--grain', 'no'),
      '--grain "no" is not one of own, none. Did you mean "none"?',
    ],
    [
      'a reference that is not there',
      () => restore('--reference', '/none.png'),
      '--reference "/none.png": there is no file or folder "/none.png". Check the path.',
    ],
    [
      'a reference with an empty name',
      () => restore('--reference', '=still.png'),
      '--reference "=still.png": a name and a path were expected. Write it as name=stills, or leave the name out.',
    ],
    [
      'a person to find but none to restore with',
      () => restore('--find', `otto=${still}`),
      '--find names "otto", but --reference names "actor". Give --reference otto=stills too, or the same name to both.',
    ],
    [
      'half a range',
      () => restore('--range', '1001-'),
      '--range "1001-" is not a range of frames. Write it as 1001-1100 or 01:00:10:00-01:00:14:12, both ends included.',
    ],
    ['a range backwards', () => restore('--range', '9-2'), '--range "9-2" ends before it begins. Did you mean 2-9?'],
    [
      'a rate that is none',
      () => restore('--rate', 'fast'),
      '--rate "fast" is not a rate. Write it as 24, 24000/1001 or 23.976.',
    ],
    [
      'a rate of nothing',
      () => restore('--rate', '0'),
      '--rate "0" is not a rate. Write it as 24, 24000/1001 or 23.976.',
    ],
    [
      'an unknown transfer',
      () => restore('--transfer', 'lin'),
      '--transfer "lin" is not one of auto, log, linear, rec709, pq. Did you mean "linear"?',
    ],
    ['an unknown reuse', () => restore('--reuse', 'no'), '--reuse "no" is not one of on, off. Did you mean "on"?'],
    [
      'an unknown device',
      () => restore('--device', 'tpu'),
      '--device should be what faces are rendered on (auto, cpu, gpu, or gpu: and a part of an adapter’s name, such as gpu:radeon), what networks run on (cpu, cuda, tensorrt or dml, which take a number as in cuda:1, coreml, webgpu), or both, such as gpu,cuda:1, but is "tpu".',
    ],
    [
      'somebody to except where no face is hidden',
      () => ['restore', 'reel', '--out', 'out', '--find', still, '--except', '--restorer', 'repair'],
      '--except: --restorer repair hides no face. Take --restorer anonymise, or leave --except out.',
    ],
    [
      'nobody to except',
      () => ['restore', 'reel', '--out', 'out', '--except', '--restorer', 'anonymise'],
      '--except: it is not said whose face stays as it is. Add --find and a still of each such person.',
    ],
    [
      'somebody to except who is the only one to be hidden',
      () => [
        'restore',
        'reel',
        '--out',
        'out',
        '--find',
        still,
        '--except',
        '--restorer',
        'anonymise',
        '--faces',
        'cast',
      ],
      '--except: with --faces cast only the people of --find are hidden, and so nobody would be. Leave out one of both.',
    ],
    [
      'a face in another’s place without a record of who allowed it',
      () => restore('--restorer', 'swap'),
      '--restorer swap shows a person with a face that is not theirs, and runs only with a record of who allowed it. Add --authorisation and the file of such a record; "reelmend restore --help" shows one.',
    ],
    [
      'an unknown restorer',
      () => restore('--restorer', 'zoom'),
      '--restorer "zoom" is not one of detail, repair, enhance, replace, swap, anonymise.',
    ],
    [
      'an unknown codec',
      () => restore('--codec', 'prores444'),
      '--codec "prores444" is not one of ffv1, prores, prores4444, dnxhr, h264, h265. Did you mean "prores4444"?',
    ],
    [
      'a setting without a value',
      () => restore('--set', 'detail.strength'),
      '--set "detail.strength": a setting and its value were expected. Write it as room.setting=value, such as detail.strength=0.8.',
    ],
    [
      'a setting beyond its range',
      () => restore('--set', 'detail.strength=9'),
      '--set detail.strength=9: "detail.strength" should be a number from 0 to 1.5, but is 9. It is: How much of the detail that the plate’s blur took is added from the stills; 1 = all of it.',
    ],
    [
      'a setting without its room',
      () => ['inspect', 'reel', '--set', 'sweepEvery=3'],
      '--set sweepEvery=3: "sweepEvery" is not a setting. Did you mean "tracking.sweepEvery"?',
    ],
    [
      'a setting that a room has not',
      () => ['inspect', 'reel', '--set', 'takes.quality=1'],
      '--set takes.quality=1: "takes.quality" is not a setting. "takes" has takes.frames, takes.lostDevice.',
    ],
    [
      'a restorer as a setting',
      () => restore('--set', 'restorer=repair'),
      '--set restorer=repair: the restorer is chosen by --restorer repair, not by a setting.',
    ],
    [
      'two ways to say what is previewed',
      () => ['preview', 'reel', '--shot', '2', '--every', '9'],
      '--shot and --every each say which frames are shown. Give one of them.',
    ],
    [
      'more versions than can be told apart',
      () => [
        'preview',
        'reel',
        '--vary',
        'detail.strength=0,0.2,0.4,0.6,0.8,1,1.2',
        '--vary',
        'restorer=repair,detail',
        '--reference',
        still,
      ],
      '--vary asks for 14 versions of the same frames, and 12 can be told apart at most. Give fewer values, or vary one setting after the other.',
    ],
    [
      'a version that cannot be',
      () => ['preview', 'reel', '--vary', 'detail.strength=1,2'],
      '--vary detail.strength=2: "detail.strength" should be a number from 0 to 1.5, but is 2. It is: How much of the detail that the plate’s blur took is added from the stills; 1 = all of it.',
    ],
    [
      'a version of a restorer that there is not',
      () => ['preview', 'reel', '--vary', 'restorer=repair,detial'],
      '--vary restorer=detial is not one of detail, repair, enhance, replace, swap, anonymise. Did you mean "detail"?',
    ],
    ['a shot that is none', () => ['preview', 'reel', '--shot', 'two'], '--shot "two" is not a whole number.'],
    [
      'a share above all',
      () => restore('--max-isolated', '101'),
      '--max-isolated "101" is not a share. Write it in percent, from 0 to 100, such as 0.3.',
    ],
  ])('with %s is answered in one sentence, and exit code 2', async (_, args, sentence) => {
    expect(await ended(args())).toEqual({ code: 2, stdout: '', stderr: `reelmend: ${sentence}\n` });
  });

  it('of nothing at all shows the help, and exit code 2', async () => {
    const { code, stdout, stderr } = await ended([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: reelmend \[options\] \[command\]/);
    expect(stderr).not.toContain('outputHelp');
  });
});

describe('help', () => {
  it.each([[[]], [['restore']], [['inspect']], [['preview']], [['models']]])(
    'of %j is on standard output, with examples',
    async (command: string[]) => {
      const { code, stdout, stderr } = await ended([...command, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('Examples:\n  reelmend ');
    },
  );

  it('of restore explains the outputs, the exit codes, and lists only restorers that run', async () => {
    const { stdout } = await ended(['restore', '--help']);
    expect(stdout).toContain('--out name.mkv    lossless');
    expect(stdout).toContain('130 stopped');
    expect(stdout).toMatch(
      /--restorer <name> +what restores the face: detail, repair, enhance,\s+replace,\s+swap,\s+anonymise;/,
    );
  });

  it('of restore shows a whole record for --authorisation, as the sample and docs/swap.md have it', async () => {
    const { stdout } = await ended(['restore', '--help']);
    const [shown = ''] = /^ {2}\{\n.*?^ {2}\}$/ms.exec(stdout) ?? [];
    const file = join(folder, 'consent.json');
    await writeFile(file, shown);
    expect(readAuthorisation(file, '--authorisation', '2026-03-02').allowedBy).toMatch(/^the estate of /);
    const sample = await readFile(join(packageFolder(), 'samples', 'authorisation.json'), 'utf8');
    expect(JSON.parse(shown)).toEqual(JSON.parse(sample));
    expect(await readFile(join(packageFolder(), 'docs', 'swap.md'), 'utf8')).toContain(`\`\`\`json\n${sample}\`\`\``);
  });

  it('gives the version of package.json', async () => {
    const { stdout } = await ended(['--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
