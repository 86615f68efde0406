/** A device was asked for that does not work on this machine. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
  readonly device: string;

  constructor(device: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.device = device;
  }
}
