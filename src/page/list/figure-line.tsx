import type { Badness } from '../../review/api.ts';
import { figureWords, scoreText } from '../figures.ts';

/** How bad a face is, in one line: the score, the figure that makes it, then the others. */
export function FigureLine({ badness }: { readonly badness: Badness }) {
  return (
    <span class="figures">
      <span class={badness.score >= 1 ? 'score high' : 'score'}>
        <span class="unseen">Badness </span>
        {scoreText(badness)}
      </span>
      {figureWords(badness).map(({ figure, name, value, isWorst }) => (
        <span key={figure} class={isWorst ? 'worst' : undefined}>
          {isWorst && <span class="unseen">worst: </span>}
          {name} {value}
        </span>
      ))}
    </span>
  );
}
