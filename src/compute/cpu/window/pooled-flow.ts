import type { LevelSearcher, SearchTemplate } from '../../../motion/dense-flow.ts';
import type { Pyramid } from '../../../motion/pyramid.ts';
import type { FloatPool } from '../float-pool.ts';

/** Something in memory that a pool has lent, and what it is given back by. */
export interface Pooled<T> {
  readonly of: T;
  giveBack(): void;
}

/** A pyramid where loops reach it. */
export function pooledPyramid({ levels }: Pyramid, pool: FloatPool): Pooled<Pyramid> {
  const { lent, copied } = copies(pool);
  const made = levels.map(({ samples, dx, dy, ...level }) => ({
    ...level,
    samples: copied(samples),
    dx: copied(dx),
    dy: copied(dy),
  }));
  return { of: { levels: made }, giveBack: () => pool.giveBack(...lent) };
}

/** What search goes by at each level where loops reach it; the template's pyramid lies there already. */
export function pooledTemplate(template: SearchTemplate, pool: FloatPool): Pooled<SearchTemplate> {
  const { lent, copied } = copies(pool);
  const levels = template.levels.map(({ level, lattice, inverse, slopes }) => ({
    level,
    lattice: { ...lattice, trust: copied(lattice.trust) },
    inverse: copied(inverse),
    slopes: copied(slopes),
  }));
  return { of: { ...template, levels }, giveBack: () => pool.giveBack(...lent) };
}

function copies(pool: FloatPool) {
  const lent: Float32Array[] = [];
  const copied = (samples: Float32Array): Float32Array => {
    const copy = pool.copied(samples);
    lent.push(copy);
    return copy;
  };
  return { lent, copied };
}

/** The search of `denseFlow` by a pool's loops. */
export function pooledSearch(pool: FloatPool): LevelSearcher {
  return ({ level, lattice, inverse, slopes }, { samples: target }, { start, guess, scale, limit, perError }) => {
    const { columns, rows, trust } = lattice;
    const { samples, dx, dy, width, height } = level;
    const from = pool.copied(start.xy);
    const near = pool.copied(guess.xy);
    const xy = pool.lend(2 * columns * rows);
    const sure = pool.lend(columns * rows);
    pool.loops.searchedLevel(
      samples,
      dx,
      dy,
      target,
      width,
      height,
      inverse,
      slopes,
      trust,
      near,
      from,
      scale,
      columns,
      rows,
      limit,
      perError,
      xy,
      sure,
    );
    const found = { ...lattice, xy: Float32Array.from(xy), trust: Float32Array.from(sure) };
    pool.giveBack(from, near, xy, sure);
    return found;
  };
}
