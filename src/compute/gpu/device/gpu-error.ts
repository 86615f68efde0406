/** Why a device can compute no further. */
export type GpuFault = 'lost' | 'out-of-memory' | 'refused';

/** A device gave up, or was asked for what it does not do. Nothing that it computed since its last answer can be relied on. */
export class GpuError extends Error {
  override readonly name = 'GpuError';
  readonly fault: GpuFault;

  constructor(fault: GpuFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}
