import type { ModelLibrary } from '../model/library.ts';
import type { DeviceChoice } from '../model/session.ts';
import type { RestorerNetworks } from '../restore/restorer-definition.ts';

/** The networks that restorers ask for, on a device. Each is opened once a device, however many tracks are restored with it. */
export function networkOpener(): (device: DeviceChoice) => RestorerNetworks {
  const opened = new Map<string, Promise<unknown>>();
  return (device) => {
    const once = <Answer>(task: string, id: string, open: (library: ModelLibrary) => Promise<Answer>) => {
      const key = [task, device, id].join(' ');
      const answer = (opened.get(key) as Promise<Answer> | undefined) ?? inLibrary(open);
      opened.set(key, answer);
      return answer;
    };
    return {
      task: (id) => once('task', id, async (library) => (await library.contract(id)).task),
      upscaler: (id) =>
        once('upscale', id, async (library) => {
          const { openUpscaler } = await import('../model/upscaler.ts');
          return openUpscaler(library, id, { device });
        }),
      enhancer: (id) =>
        once('restore', id, async (library) => {
          const { openEnhancer } = await import('../model/enhancer.ts');
          return openEnhancer(library, id, { device });
        }),
    };
  };
}

/** Most restorers have no network: what opens and runs one is a third of a renderer's code, and is loaded by those that have. */
async function inLibrary<Answer>(open: (library: ModelLibrary) => Promise<Answer>): Promise<Answer> {
  const { openLibrary } = await import('../model/library.ts');
  return open(openLibrary());
}
