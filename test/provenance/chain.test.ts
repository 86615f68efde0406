import { describe, expect, it } from 'vitest';
import { sha256Of } from '../../src/disk/sha256.ts';
import { chained, readChain } from '../../src/provenance/chain.ts';

const SAID = Array.from({ length: 8 }, (_, k) => ({ kind: 'any', value: k + 1 }));
const TEXT = chained(SAID);

/** The lines with their line feeds, and what is wrong when somebody has changed them. */
function faultsAfter(change: (lines: string[]) => string[]): readonly string[] {
  const lines = TEXT.split(/(?<=\n)/);
  return readChain(change(lines).join('')).faults;
}

/** Line `k`, from 1, with another value. */
function edited(lines: readonly string[], k: number): string {
  return (lines[k - 1] as string).replace(/"value":\d+/, '"value":99');
}

describe('a chain of lines', () => {
  it('holds in each line SHA-256 of the line before, line feed included, and in the first nothing but zeros', () => {
    const lines = TEXT.split(/(?<=\n)/);
    const previous = lines.map((line) => (JSON.parse(line) as { previous: string }).previous);
    expect(previous[0]).toBe('0'.repeat(64));
    expect(previous.slice(1)).toEqual(lines.slice(0, -1).map((line) => sha256Of(line)));
  });

  it('is read back as it was said, without a fault', () => {
    const { lines, faults } = readChain(TEXT);
    expect(faults).toEqual([]);
    expect(lines.map(({ said }) => said)).toEqual(SAID);
  });

  it.each<[string, (lines: string[]) => string[], string[]]>([
    ['removed', (lines) => lines.filter((_, k) => k !== 3), ['Line 4 was removed.']],
    ['removed in a row', (lines) => lines.filter((_, k) => k < 3 || k > 4), ['Lines 4 to 5 were removed.']],
    [
      'swapped',
      ([a, b, c, ...rest]) => [a, c, b, ...rest] as string[],
      ['Lines were swapped or moved: line 3 stands as line 2, line 2 stands as line 3.'],
    ],
    [
      'added',
      (lines) => [...lines.slice(0, 4), edited(lines, 4), ...lines.slice(4)],
      ['Line 5 was added: there is a line with the number 4 before it.'],
    ],
    [
      'changed',
      (lines) => lines.with(4, edited(lines, 5)),
      ['Line 5 was changed after line 6 was written: it is not the line whose hash line 6 holds.'],
    ],
    [
      'changed with its hash computed anew in the next line, and no further',
      (lines) => {
        const fifth = edited(lines, 5);
        const sixth = (lines[5] as string).replace(/"previous":"\w+"/, `"previous":"${sha256Of(fifth)}"`);
        return lines.with(4, fifth).with(5, sixth);
      },
      ['Line 6 was changed after line 7 was written: it is not the line whose hash line 7 holds.'],
    ],
    ['made no line', (lines) => lines.with(2, 'nonsense\n'), ['Line 3 of the log is not a line of it any more.']],
    [
      'torn at the end',
      (lines) => lines.with(7, (lines[7] as string).slice(0, 20)),
      ['The log ends in the middle of line 8.'],
    ],
  ])('names the line that was %s', (_, change, faults) => {
    expect(faultsAfter(change)).toEqual(faults);
  });

  it('cannot tell that its last lines are gone: the last line of a log tells it', () => {
    expect(faultsAfter((lines) => lines.slice(0, 5))).toEqual([]);
  });
});
