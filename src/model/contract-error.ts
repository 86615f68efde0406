/** Dimensions of a port; a word stands for one that the file leaves open, or for a port that is not there at all. */
export type PortShape = readonly (number | string)[] | string;

/** A contract that cannot be read, or a model file that does not keep it. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly model: string;
  /** Name of the port that differs; absent where the contract itself is at fault. */
  readonly port?: string;
  readonly expected?: PortShape;
  readonly received?: PortShape;

  constructor(
    model: string,
    message: string,
    facts: { port?: string; expected?: PortShape; received?: PortShape; cause?: unknown } = {},
  ) {
    super(message, { cause: facts.cause });
    this.model = model;
    if (facts.port !== undefined) this.port = facts.port;
    if (facts.expected !== undefined) this.expected = facts.expected;
    if (facts.received !== undefined) this.received = facts.received;
  }
}

/** A port, and the model that has it. */
export interface PortPlace {
  readonly model: string;
  readonly direction: 'input' | 'output';
  readonly port: string;
}

/** The error of a port whose shape, type or presence in the file is not the contract's. */
export function portError(
  { model, direction, port }: PortPlace,
  { expected, received }: { readonly expected: PortShape; readonly received: PortShape },
): ContractError {
  const message =
    `Model "${model}": ${direction} "${port}" should be ${written(expected)}, but the file has ${written(received)}. ` +
    `Correct the contract ${model}.json, or the file it names.`;
  return new ContractError(model, message, { port, expected, received });
}

function written(shape: PortShape): string {
  return typeof shape === 'string' ? shape : `[${shape.join(', ')}]`;
}
