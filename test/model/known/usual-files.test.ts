import { describe, expect, it } from 'vitest';
import { knownNetworks } from '../../../src/model/known/known-networks.ts';

const networks = await knownNetworks();

/** Files as FaceFusion's releases and InsightFace's packs call them, by what they are for. */
const FILES = {
  detect: ['retinaface_10g', 'det_10g', 'scrfd_2.5g', 'yoloface_8n', 'yunet_2023_mar', 'face_detection_yunet_2023mar'],
  landmark: ['2dfan4', 'peppa_wutz', '2d106det'],
  recognise: ['arcface_w600k_r50', 'w600k_r50'],
  restore: [
    'gfpgan_1.2',
    'gfpgan_1.3',
    'gfpgan_1.4',
    'codeformer',
    'restoreformer_plus_plus',
    'gpen_bfr_256',
    'gpen_bfr_512',
    'gpen_bfr_1024',
    'gpen_bfr_2048',
  ],
  upscale: ['real_esrgan_x2', 'real_esrgan_x4'],
  swap: [
    'inswapper_128',
    'inswapper_128_fp16',
    'hyperswap_1a_256',
    'hyperswap_1b_256',
    'hyperswap_1c_256',
    'ghost_1_256',
    'ghost_2_256',
    'ghost_3_256',
    'simswap_256',
    'simswap_unofficial_512',
    'blendswap_256',
    'uniface_256',
    'hififace_unofficial_256',
  ],
};

/** Files of networks that others ask. */
const ASKED = ['fan_68_5', 'crossface_ghost', 'crossface_simswap', 'crossface_hififace'];

const namedBy = (file: string) => networks.filter(({ known }) => known.names.includes(file));

describe('a file of the usual collections', () => {
  it.each(Object.entries(FILES).flatMap(([task, files]) => files.map((file) => [file, task] as const)))(
    '%s.onnx is known, and is to %s',
    (file, task) => {
      expect(namedBy(file).map((network) => network.task)).toContain(task);
    },
  );

  it.each(ASKED)('%s.onnx is known', (file) => {
    expect(namedBy(file)).not.toHaveLength(0);
  });
});
