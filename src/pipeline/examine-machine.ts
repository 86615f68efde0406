import { availableParallelism, cpus, totalmem } from 'node:os';
import { cacheFolder } from '../disk/cache-folder.ts';
import { freeBytes } from '../disk/durable.ts';
import { packageVersion } from '../disk/package-version.ts';
import { findFfmpeg } from '../media/ffmpeg/ffmpeg.ts';
import { runtimeVersion } from '../model/runtime.ts';
import { networkBackends } from '../model/session.ts';
import { type Answered, askChild, type KnownAdapters, listAdapters } from '../workers/ask-child.ts';
import { memoryToPlanWith } from './work/machine-memory.ts';
import { formatBytes } from './work/space.ts';

/** A machine as Reelmend finds it. */
export interface ExaminedMachine {
  readonly facts: readonly (readonly [what: string, found: string])[];
  /** Why Reelmend cannot work here, and what to do, as sentences. */
  readonly faults: readonly string[];
  /** What to install for more, as sentences. */
  readonly advice: readonly string[];
}

/** @param ffmpeg see `findFfmpeg` */
export async function examineMachine(ffmpeg?: string): Promise<ExaminedMachine> {
  const found = await findFfmpeg({ path: ffmpeg }).catch((error: Error) => error);
  const adapters = await listAdapters();
  const choice = await askChild<{ name: string; reason: string }>('pipeline/device-choice-child');
  const cache = cacheFolder();
  const [core] = cpus();
  return {
    facts: [
      ['reelmend', packageVersion()],
      ['node', `${process.versions.node}, ${process.platform} ${process.arch}`],
      ['ffmpeg', found instanceof Error ? 'none' : `${found.version}, ${found.ffmpeg}`],
      ['cores', `${availableParallelism()}${core ? `, ${core.model.trim()}` : ''}`],
      ['memory', `${formatBytes(totalmem())}, of which a run may plan with ${formatBytes(memoryToPlanWith())}`],
      ['disk', `${formatBytes(await freeBytes(process.cwd()))} free in ${process.cwd()}`],
      ['cache', `${cache}, ${formatBytes(await freeBytes(cache))} free (REELMEND_CACHE moves it)`],
      ...adapterFacts(adapters),
      ['networks', `onnxruntime ${runtimeVersion()}: ${networkBackends().join(', ')}`],
      ['--device auto', 'found' in choice ? `${choice.found.name}. ${choice.found.reason}` : `cpu. ${choice.refused}`],
    ],
    faults: found instanceof Error ? [found.message] : [],
    advice: adviceOn(adapters),
  };
}

function adapterFacts(answer: Answered<KnownAdapters>): [string, string][] {
  if ('refused' in answer) return [['graphics', answer.refused]];
  const { version, adapters } = answer.found;
  if (adapters.length === 0) return [['graphics', `webgpu ${version} finds no adapter`]];
  return adapters.map(({ description, vendor, architecture, software, largestBuffer, largestBinding }) => [
    'graphics',
    [
      description,
      [vendor, architecture].filter(Boolean).join(' '),
      software ? 'computes on the processor: only by name, for tests' : 'computes by itself',
      `buffers up to ${formatBytes(largestBuffer)}, of which a kernel sees ${formatBytes(largestBinding)}`,
    ].join('; '),
  ]);
}

function adviceOn(answer: Answered<KnownAdapters>): string[] {
  // What cannot be asked says itself what to install.
  if ('refused' in answer || answer.found.adapters.some(({ software }) => !software)) return [];
  const driver =
    process.platform === 'linux'
      ? 'the driver of your graphics card and Vulkan’s loader (libvulkan1)'
      : 'the driver of your graphics card';
  return [`To render faces on a graphics card, install ${driver}; everything works without.`];
}
