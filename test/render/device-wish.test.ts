import { describe, expect, it } from 'vitest';
import { readDeviceWish } from '../../src/render/rendering-device.ts';

describe('--device', () => {
  it('says with one word what it always said: of cpu both, of graphics adapters what faces are rendered on', () => {
    expect(readDeviceWish('auto')).toEqual({ faces: 'auto', networks: 'auto' });
    expect(readDeviceWish('cpu')).toEqual({ faces: 'cpu', networks: 'cpu' });
    expect(readDeviceWish('gpu')).toEqual({ faces: 'gpu', networks: 'auto' });
    expect(readDeviceWish('gpu:radeon')).toEqual({ faces: 'gpu:radeon', networks: 'auto' });
  });

  it('says of a provider what networks run on', () => {
    expect(readDeviceWish('cuda:1')).toEqual({ faces: 'auto', networks: 'cuda:1' });
    expect(readDeviceWish('webgpu')).toEqual({ faces: 'auto', networks: 'webgpu' });
  });

  it('says both with a comma, faces first', () => {
    expect(readDeviceWish('gpu,cuda:1')).toEqual({ faces: 'gpu', networks: 'cuda:1' });
    expect(readDeviceWish('cpu, coreml')).toEqual({ faces: 'cpu', networks: 'coreml' });
    expect(readDeviceWish('gpu,cpu')).toEqual({ faces: 'gpu', networks: 'cpu' });
    expect(readDeviceWish('cpu,auto')).toEqual({ faces: 'cpu', networks: 'auto' });
  });

  it('takes a comma in an adapter’s name for one', () => {
    expect(readDeviceWish('gpu:Acme, Inc')).toEqual({ faces: 'gpu:Acme, Inc', networks: 'auto' });
    expect(readDeviceWish('gpu:Acme, Inc,dml:1')).toEqual({ faces: 'gpu:Acme, Inc', networks: 'dml:1' });
  });

  it.each(['', 'gpu:', 'gpu: ', 'cuda,gpu', 'cuda,cpu', 'cuda:x', 'gpus', 'gpu,cuda,cpu', ',cuda'])(
    'means nothing as "%s"',
    (text) => expect(readDeviceWish(text)).toBeNull(),
  );
});
