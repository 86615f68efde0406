import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What leaves one graphics card to a process. */
export interface CardEnvironment {
  readonly env: Readonly<Record<string, string>>;
  /** Why Vulkan is left with every card, as a sentence; null where it has this one alone. */
  readonly shortcoming: string | null;
}

/** Milliseconds that a driver may take to list its cards. */
const PATIENCE = 10_000;

/**
 * The environment in which networks (CUDA) and what renders faces (Vulkan) see one card alone. Vulkan knows nothing of CUDA's numbers: the card is
 * named to it by its place on the bus, by VK_LAYER_MESA_device_select, a layer for the drivers of all vendors that comes with Mesa; before Mesa 23
 * it takes another card (https://docs.mesa3d.org/envvars.html). Cards are numbered in the order of the bus, as `nvidia-smi` does.
 *
 * @param gpu its number, or the beginning of its UUID
 * @param program that lists the cards
 */
export async function cardEnvironment(gpu: string, program = 'nvidia-smi'): Promise<CardEnvironment> {
  const cuda = { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', CUDA_VISIBLE_DEVICES: gpu };
  const asked = ['--query-gpu=index,uuid,pci.bus_id', '--format=csv,noheader'];
  const listed = await promisify(execFile)(program, asked, { timeout: PATIENCE }).catch(() => null);
  if (!listed) {
    const shortcoming = `Vulkan sees every card of this machine, not card ${gpu} alone: "${program}", which tells their places on the bus, is not there, or fails. Install it, or run a container a card.`;
    return { env: cuda, shortcoming };
  }
  const cards = listed.stdout.split('\n').map((line) => line.split(',').map((part) => part.trim()));
  const [, , bus = ''] = cards.find(([index, uuid]) => index === gpu || uuid?.startsWith(gpu)) ?? [];
  const place = /^[\da-f]*([\da-f]{4}):([\da-f]{2}):([\da-f]{2})\.(\d)$/i.exec(bus);
  if (!place) {
    const shortcoming = `Vulkan sees every card of this machine: "${program}" lists no card ${gpu}. Correct --gpu.`;
    return { env: cuda, shortcoming };
  }
  const vulkan = {
    DRI_PRIME: `pci-${place.slice(1).join('_').toLowerCase()}`,
    MESA_VK_DEVICE_SELECT_FORCE_DEFAULT_DEVICE: '1',
  };
  return { env: { ...cuda, ...vulkan }, shortcoming: null };
}
