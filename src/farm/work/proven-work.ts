import { mappedPlace } from '../order/mapped-place.ts';
import { checkToken } from '../order/mount-token.ts';
import { orderFiles } from '../order/order.ts';
import { readOrderEnd } from '../order/order-end.ts';
import type { PathMap } from '../order/path-maps.ts';
import type { StepJob } from '../queue/step-job.ts';

/** The work folder of a step's order here, proven; null where the order has ended and it is gone. @throws StepRefused */
export async function provenWork({ place, token, order }: StepJob, maps: readonly PathMap[]): Promise<string | null> {
  const here = mappedPlace(place, maps);
  try {
    await checkToken(orderFiles(place.work).folder, token, maps);
    return here.work;
  } catch (error) {
    if (await readOrderEnd(here, { id: order })) return null;
    throw error;
  }
}
