import { join } from 'node:path';

/** In the work folder: what many machines know an order by that they restore together. Where it is, others may write takes, too. */
export function orderFolder(work: string): string {
  return join(work, 'farm');
}
