const IPTC = 'http://cv.iptc.org/newscodes/digitalsourcetype/';

/**
 * IPTC's digital source types by restorer, for what it makes of a frame.
 *
 * `repair`, `detail` and `anonymise` compute it of the film's own frames, of photographs and by formulas: an enhancement by algorithms
 * that generate nothing. `enhance` and `swap` show pixels that a trained network drew. `replace` lays a photograph over a photograph.
 */
const TYPES: Readonly<Record<string, string>> = {
  repair: 'algorithmicallyEnhanced',
  detail: 'algorithmicallyEnhanced',
  anonymise: 'algorithmicallyEnhanced',
  replace: 'compositeCapture',
  enhance: 'compositeWithTrainedAlgorithmicMedia',
  swap: 'compositeWithTrainedAlgorithmicMedia',
};

/** IPTC's types from the one that says least of generation on. */
const RISING = ['algorithmicallyEnhanced', 'compositeCapture', 'compositeWithTrainedAlgorithmicMedia'] as const;

/** Of a picture that several restorers had a part in: the one of theirs that says most of generation. */
export function digitalSourceTypeOf(restorers: readonly string[]): string {
  const ranks = restorers.map((restorer) =>
    RISING.findIndex((type) => digitalSourceType(restorer) === `${IPTC}${type}`),
  );
  return `${IPTC}${RISING[Math.max(...ranks)] ?? RISING[2]}`;
}

/** Of a restorer; of one that is not known what says least good of it. */
export function digitalSourceType(restorer: string): string {
  return `${IPTC}${TYPES[restorer] ?? 'compositeWithTrainedAlgorithmicMedia'}`;
}
