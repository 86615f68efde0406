import type { ModelLibrary } from '../model/library.ts';
import type { RunningDevice } from '../model/network-device.ts';
import type { RestorerNetworks } from '../restore/restorer-definition.ts';

/** The networks that restorers ask for, on a device. Each is opened once a device, however many tracks are restored with it. */
export function networkOpener(): (device: RunningDevice) => RestorerNetworks {
  const opened = new Map<string, Promise<unknown>>();
  /** @param key what tells an answer from others, its task first */
  const once = <Answer>(key: readonly unknown[], open: (library: ModelLibrary) => Promise<Answer>): Promise<Answer> => {
    const name = JSON.stringify(key);
    const answer = (opened.get(name) as Promise<Answer> | undefined) ?? inLibrary(open);
    opened.set(name, answer);
    return answer;
  };
  return (device) => ({
    task: (id) => once(['task', id], async (library) => (await library.contract(id)).task),
    upscaler: (id) =>
      once(['upscale', device, id], async (library) => {
        const { openUpscaler } = await import('../model/upscaler.ts');
        return openUpscaler(library, id, { device });
      }),
    enhancer: (id) =>
      once(['restore', device, id], async (library) => {
        const { openEnhancer } = await import('../model/enhancer.ts');
        return openEnhancer(library, id, { device });
      }),
    swapper: (id) =>
      once(['swap', device, id], async (library) => {
        const { openSwapper } = await import('../model/swapper.ts');
        return openSwapper(library, id, { device });
      }),
    masker: (id, classes) =>
      once(['mask', device, id, classes], async (library) => {
        const { openMasker } = await import('../model/masker.ts');
        return openMasker(library, id, { device, classes });
      }),
  });
}

/** Most restorers have no network: what opens and runs one is a third of a renderer's code, and is loaded by those that have. */
async function inLibrary<Answer>(open: (library: ModelLibrary) => Promise<Answer>): Promise<Answer> {
  const { openLibrary } = await import('../model/library.ts');
  return open(openLibrary());
}
