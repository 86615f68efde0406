import type { Report } from './report.ts';

/** How well faces were followed, label and value; the worst face is named, since a mean over faces hides it. */
export function followingRows({
  audit,
  carrying,
  reel: { first },
}: Pick<Report, 'audit' | 'carrying' | 'reel'>): (readonly [label: string, value: string])[] {
  const rows: (readonly [string, string])[] = [];
  const worst = most(Object.entries(carrying), ([, { disagreement }]) => disagreement?.rms ?? 0);
  const disagreement = worst?.[1].disagreement;
  if (worst && disagreement) {
    rows.push([
      'Followed worst',
      `${worst[0]}: carried landmarks lay ${disagreement.rms.toFixed(2)} % of the distance between the eyes off the network’s (RMS), ${disagreement.most.toFixed(2)} % in frame ${disagreement.mostFrame + first}`,
    ]);
  }
  if (audit) {
    const off = most(Object.entries(audit.tracks), ([, { rms }]) => rms);
    const named = off && Object.keys(audit.tracks).length > 1 ? `; ${off[0]} most, ${off[1].rms.toFixed(2)} % RMS` : '';
    rows.push([
      'Audit',
      `${audit.sampled} frames: ${audit.rmsIod.toFixed(2)} % RMS, ${audit.p99Iod.toFixed(2)} % at the 99th percentile, of the distance between the eyes${named}`,
    ]);
  }
  return rows;
}

/** The first of the items with the greatest value. */
function most<T>(items: readonly T[], of: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best !== undefined && of(best) >= of(item) ? best : item),
    undefined,
  );
}
