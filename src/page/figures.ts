import type { Badness, BadnessFigure } from '../review/api.ts';

/** A figure of a face as people read it. */
export interface FigureWords {
  readonly figure: BadnessFigure;
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
  /** True for the one that makes the face as bad as it is. */
  readonly isWorst: boolean;
}

interface Wording {
  readonly name: string;
  readonly meaning: string;
  readonly text: (value: number) => string;
}

const WORDS: Readonly<Record<BadnessFigure, Wording>> = {
  flicker: {
    name: 'Flicker',
    meaning: 'of the output over that of the plate; more than 1 came with restoring',
    text: (value) => `× ${value.toFixed(2)}`,
  },
  likenessLost: {
    name: 'Likeness lost',
    meaning: 'cosine to the stills, plate minus output; below 0 it was gained',
    text: (value) => signed(value.toFixed(3)),
  },
  gate: {
    name: 'Gate closed',
    meaning: 'share of the stills’ detail that was not accepted in the worst frame',
    text: percent,
  },
  sharpness: {
    name: 'Sharpness',
    meaning: 'of the output over that of the plate; less than 1 was lost',
    text: (value) => `× ${(1 / value).toFixed(2)}`,
  },
  refusals: { name: 'Refused', meaning: 'share of its frames in which the face was left alone', text: percent },
  change: {
    name: 'Change',
    meaning: 'in the most changed frame, levels of 255 beyond grain',
    text: (value) => value.toFixed(1),
  },
};

/** What was measured, the worst figure first, the others in the order in which a person should look. */
export function figureWords(badness: Badness): readonly FigureWords[] {
  const measured = (Object.keys(WORDS) as BadnessFigure[]).flatMap((figure): FigureWords[] => {
    const value = badness[figure];
    if (value === null) return [];
    const { name, meaning, text } = WORDS[figure];
    return [{ figure, name, value: text(value), meaning, isWorst: figure === badness.most }];
  });
  return [...measured.filter(({ isWorst }) => isWorst), ...measured.filter(({ isWorst }) => !isWorst)];
}

/** How bad, as a number to compare by: 1 is about worth a look. */
export function scoreText({ score }: Badness): string {
  return score.toFixed(score < 10 ? 1 : 0);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** With the sign that has the width of a digit; zero has none. */
function signed(text: string): string {
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}
