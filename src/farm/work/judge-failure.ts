import { codeOf } from '../../disk/durable.ts';
import type { StepKind } from '../steps/step.ts';

/**
 * What becomes of a step that failed: `retry`, it may be luck; `never`, it fails alike wherever it is done; `elsewhere`, it is this machine
 * that cannot do it, as it is now.
 */
export type FailureVerdict = 'retry' | 'never' | 'elsewhere';

/** By the names of errors, since they come from another process. */
const NEVER = new Set(['LicenceError', 'OrderError', 'PresetError', 'ShotListError', 'StillError', 'UsageError']);
/** A network, a device or a mount that this machine lacks. */
const ELSEWHERE = new Set(['ContractError', 'DeviceError', 'ModelError', 'StepRefused']);
/** Trouble with a disk that goes when a person, or time, makes room or lets write. */
const DISK = new Set(['EACCES', 'EDQUOT', 'EMFILE', 'ENOSPC', 'EPERM', 'EROFS']);

export function judgeFailure(error: Error, kind: StepKind): FailureVerdict {
  const { name, message, cause } = error;
  // A track or a take may lack frames for a moment, as where a share stutters; a reel that cannot be opened is another matter.
  if (NEVER.has(name) || (name === 'ReelError' && (kind === 'cast' || kind === 'conform'))) return 'never';
  if (ELSEWHERE.has(name)) return 'elsewhere';
  if (name === 'OutputError' && (DISK.has(codeOf(cause)) || message.startsWith('Not enough space'))) return 'elsewhere';
  return 'retry';
}
