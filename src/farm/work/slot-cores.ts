import type { MachineCores } from './machine-cores.ts';

/** Share of a machine's physical cores that a worker uses: the system, storage and whoever sits there need some, too. */
const SHARE = 0.7;

/** What one slot computes with. */
export interface SlotCores {
  readonly count: number;
  /** The processors that it is bound to; null where a process cannot be bound. */
  readonly processors: readonly number[] | null;
}

/** Cores that a worker uses: at most 70 % of the physical ones and of what control groups allow, but one at least. */
export function coresToUse({ physical, quota }: Pick<MachineCores, 'physical' | 'quota'>): number {
  return Math.max(1, Math.floor(SHARE * Math.min(physical, quota)));
}

/** Shares a worker's cores between its slots. Where there are more slots than cores, several slots have one core together. */
export function coresOfSlots(machine: MachineCores, slots: number): readonly SlotCores[] {
  const used = coresToUse(machine);
  // The first cores are where systems put their own work.
  const processors = machine.processors?.slice(-used);
  return Array.from({ length: slots }, (_, slot) => {
    const shared = slots > used;
    const first = shared ? slot % used : Math.floor((slot * used) / slots);
    const end = shared ? first + 1 : Math.floor(((slot + 1) * used) / slots);
    return { count: end - first, processors: processors?.slice(first, end) ?? null };
  });
}
