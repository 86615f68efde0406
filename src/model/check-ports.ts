import type { InferenceSession } from 'onnxruntime-node';
import type { Contract } from './contract.ts';
import { portError } from './contract-error.ts';
import { nameInFile, type OutputPort } from './port.ts';

/** Holds an open file to its contract. @throws ContractError naming the first port that differs */
export function checkPorts(contract: Contract, session: InferenceSession): void {
  const { id } = contract;
  for (const port of contract.inputs) checkPort(id, 'input', port, session.inputMetadata);
  const surplus = session.inputMetadata.find(({ name }) => !contract.inputs.some((port) => nameInFile(port) === name));
  if (surplus) {
    throw portError(
      { model: id, direction: 'input', port: surplus.name },
      { expected: 'absent', received: 'one more input' },
    );
  }
  for (const port of contract.outputs) checkPort(id, 'output', port, session.outputMetadata);
}

function checkPort(
  model: string,
  direction: 'input' | 'output',
  port: Pick<OutputPort, 'name' | 'inFile' | 'shape' | 'type'>,
  metadata: readonly InferenceSession.ValueMetadata[],
): void {
  const file = nameInFile(port);
  const place = { model, direction, port: file };
  const found = metadata.find(({ name }) => name === file);
  if (!found) {
    const names = metadata.map(({ name }) => name).join(', ');
    throw portError(place, { expected: port.shape, received: `no ${direction} of this name (it has: ${names})` });
  }
  if (!found.isTensor || found.type !== port.type) {
    throw portError(place, { expected: port.type, received: found.isTensor ? found.type : 'not a tensor' });
  }
  // A dimension that the file leaves open, a word or a number below 1, fits any; one that the contract leaves open must be so in the file,
  // but for answers: files state those of one size of picture and are run at others.
  const fits =
    found.shape.length === port.shape.length &&
    found.shape.every(
      (dim, k) =>
        typeof dim !== 'number' || dim < 1 || dim === port.shape[k] || (direction === 'output' && port.shape[k] === -1),
    );
  if (!fits) throw portError(place, { expected: port.shape, received: found.shape });
}
