import type { DeviceChoice } from '../model/session.ts';
import type { RestorerNetworks } from '../restore/restorer-definition.ts';

/** The networks that restorers ask for, on a device. Each is opened once a device, however many tracks are restored with it. */
export function networkOpener(): (device: DeviceChoice) => RestorerNetworks {
  const networks = new Map<string, Promise<unknown>>();
  /** @param key what tells a network from others, its task first */
  const once = <Network>(key: readonly unknown[], open: () => Promise<Network>): Promise<Network> => {
    const name = JSON.stringify(key);
    const opened = (networks.get(name) as Promise<Network> | undefined) ?? open();
    networks.set(name, opened);
    return opened;
  };
  return (device) => ({
    task: (id) => once(['task', id], async () => (await (await library()).contract(id)).task),
    upscaler: (id) =>
      once(['upscale', device, id], async () => {
        const { openUpscaler } = await import('../model/upscaler.ts');
        return openUpscaler(await library(), id, { device });
      }),
    enhancer: (id) =>
      once(['restore', device, id], async () => {
        const { openEnhancer } = await import('../model/enhancer.ts');
        return openEnhancer(await library(), id, { device });
      }),
    masker: (id, classes) =>
      once(['mask', device, id, classes], async () => {
        const { openMasker } = await import('../model/masker.ts');
        return openMasker(await library(), id, { device, classes });
      }),
  });
}

/** Most restorers have no network: what opens and runs one is a third of a renderer's code, and is loaded by those that have. */
async function library() {
  const { openLibrary } = await import('../model/library.ts');
  return openLibrary();
}
