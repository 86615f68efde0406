import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectTask, parseContract } from '../../src/model/contract.ts';
import { contractsFolder } from '../../src/model/contracts-folder.ts';

const text = await readFile(join(contractsFolder(), 'facemesh-468.json'), 'utf8');

describe('a model contract', () => {
  it('is refused when it is not JSON', () => {
    expect(() => parseContract('{', 'x.json')).toThrow(/^The model contract x\.json is not JSON: /);
  });

  it('is refused with every field that is wrong', () => {
    const wrong = { ...JSON.parse(text), format: 'pickle', threshold: 'high', extra: 1 };
    const refuse = () => parseContract(JSON.stringify(wrong), 'x.json');
    expect(refuse).toThrow(/^The model contract x\.json is not valid:\n/);
    expect(refuse).toThrow(/at format/);
    expect(refuse).toThrow(/at threshold/);
    expect(refuse).toThrow(/"extra"/);
  });

  it.each(['npm:left-pad#index.js', 'npm:left-pad@latest#index.js', 'http://example.org/a.onnx', 'a.onnx'])(
    'does not take %s for a source: it is not pinned, not safe or of no known kind',
    (source) => {
      const contract = JSON.parse(text);
      contract.files[0].source = source;
      expect(() => parseContract(JSON.stringify(contract), 'x.json')).toThrow(
        'npm:<package>@<version>#<path>, https://… or file:… was expected',
      );
    },
  );

  it('is refused when its decoder reads an output that it does not have', () => {
    const contract = JSON.parse(text);
    contract.decoder.points = 'mesh';
    expect(() => parseContract(JSON.stringify(contract), 'x.json')).toThrow(
      'The model contract x.json: its decoder reads "mesh", which is not among its outputs.',
    );
  });

  it('is not used for another task than its own', () => {
    expect(() => expectTask(parseContract(text, 'facemesh-468.json'), 'detect')).toThrow(
      'Model "facemesh-468" was asked to detect, but its contract says that it can landmark. Name another model.',
    );
  });
});
