import type { Transfer } from '../../../film/colour.ts';
import type { HostArray } from '../device/gpu-arena.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { NOTHING } from '../device/kernel.ts';
import { transferTables } from './transfer.ts';

/** Tables that stay on the device as long as it is open: each is handed over once. */
export interface KeptTables {
  /** A table that lives as long as the process. */
  of(table: HostArray): GpuMemory;
  /** See `transferTables`; something to stand in its place for a plate without a curve. */
  transfer(transfer: Transfer): GpuMemory | HostArray;
}

export function keptTables(queue: GpuQueue): KeptTables {
  const kept = new Map<unknown, GpuMemory>();
  const once = (key: unknown, table: () => HostArray) => {
    const memory = kept.get(key) ?? queue.filled(table());
    kept.set(key, memory);
    return memory;
  };
  return {
    of: (table) => once(table, () => table),
    transfer: (transfer) => (transfer === 'rec709' ? NOTHING : once(transfer, () => transferTables(transfer))),
  };
}
