import type { Reel } from '../../film/reel.ts';
import { type PrintOptions, reelPrint } from '../../pipeline/analysis/reel-print.ts';
import { mappedReel } from './mapped-job.ts';
import { mountedPath } from './mounted-path.ts';
import { StepRefused } from './order-error.ts';
import type { PathMap } from './path-maps.ts';

/** What an order knows a reel by. */
export interface OrderedReel {
  /** As the machine that submits sees it. */
  readonly reel: Reel;
  /** See `reelPrint`; it is checked in the way in which it was made. */
  readonly print: string;
}

/**
 * The reel of an order as it is here, proven to be the same by its print.
 *
 * @throws StepRefused where files are missing or are others, with what to do
 */
export async function checkPrint(
  { reel, print }: OrderedReel,
  maps: readonly PathMap[],
  { signal, onRead }: Pick<PrintOptions, 'signal' | 'onRead'> = {},
): Promise<Reel> {
  const here = mappedReel(reel, maps);
  const { where, advice } = mountedPath(reel.path, maps);
  const fault = (said: string, options?: ErrorOptions) =>
    new StepRefused(
      `The order's reel "${reel.path}" has the print ${print}; ${where}, and ${said}. ${advice}; where the reel itself was changed, submit it again.`,
      options,
    );
  const got = await reelPrint(here, {
    verify: print.startsWith('full:'),
    ...(signal && { signal }),
    ...(onRead && { onRead }),
  }).catch((cause: Error) => {
    signal?.throwIfAborted();
    throw fault(`a file of it cannot be read: ${reasonOf(cause)}`, { cause });
  });
  if (got !== print) throw fault(`what is there has the print ${got}: it is another reel`);
  return here;
}

/** What the file system said, below the sentence that is made of it. */
function reasonOf({ message, cause }: Error): string {
  return cause instanceof Error ? reasonOf(cause) : message.replace(/\.$/, '');
}
