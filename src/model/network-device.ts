/** Providers of onnxruntime that run networks, by the names that people give; of those with a number there may be several devices. */
const NUMBERED = ['cuda', 'tensorrt', 'dml'] as const;
const SINGLE = ['cpu', 'coreml', 'webgpu'] as const;

export type NetworkProvider = (typeof NUMBERED)[number] | (typeof SINGLE)[number];

/** Where a network runs in truth: `cuda:1` is the second of its kind, `cuda` the first. */
export type RunningDevice =
  | (typeof SINGLE)[number]
  | (typeof NUMBERED)[number]
  | `${(typeof NUMBERED)[number]}:${number}`;

/** Where networks are to run. `auto`: see `chooseNetworkDevice`. */
export type DeviceChoice = 'auto' | RunningDevice;

/** Those that `auto` tries, the first that answers right is taken. TensorRT is none: it makes an engine of each network, for minutes. */
export const TRIED_PROVIDERS: readonly NetworkProvider[] = ['cuda', 'dml', 'coreml', 'webgpu'];

export const NETWORK_PROVIDERS: readonly NetworkProvider[] = ['cpu', 'cuda', 'tensorrt', 'dml', 'coreml', 'webgpu'];

const PATTERN = new RegExp(`^(${SINGLE.join('|')}|(${NUMBERED.join('|')})(:\\d{1,3})?)$`);

export function isRunningDevice(text: string): text is RunningDevice {
  return PATTERN.test(text);
}

/** The provider of a device, and which of its devices. */
export function providerOf(device: RunningDevice): { readonly name: NetworkProvider; readonly number: number } {
  const [name, number = '0'] = device.split(':') as [NetworkProvider, string?];
  return { name, number: Number(number) };
}

/** What an accelerator needs beside the package, as an end of a sentence. */
export const PROVIDER_NEEDS: Readonly<Record<Exclude<NetworkProvider, 'cpu'>, string>> = {
  cuda: 'the driver of an NVIDIA card, CUDA 12, cuDNN 9, and onnxruntime’s libraries for CUDA (Linux x64)',
  tensorrt: 'what cuda needs, and TensorRT 10',
  dml: 'Windows, and a graphics card with DirectX 12',
  coreml: 'macOS',
  webgpu: 'a graphics card and its driver (Vulkan on Linux)',
};
