import { GpuError } from '../compute/gpu/device/gpu-error.ts';
import { OutputError } from '../disk/output-error.ts';
import { ShotListError } from '../editorial/shot-list-error.ts';
import { ReelError } from '../film/reel-error.ts';
import { StillError } from '../film/still-error.ts';
import { FfmpegError } from '../media/ffmpeg/ffmpeg-error.ts';
import { FrameShortfall } from '../media/read/frame-shortfall.ts';
import { DamagedStill, UnsupportedStill } from '../media/still/damaged-still.ts';
import { ContractError } from '../model/contract-error.ts';
import { DeviceError } from '../model/device-error.ts';
import { LicenceError } from '../model/licence/licence-error.ts';
import { ModelError } from '../model/model-error.ts';
import { PresetError } from '../settings/preset-error.ts';
import { UsageError } from '../settings/usage-error.ts';

/** The error classes that callers tell apart by `instanceof`, by name: an error of one of them keeps its class between threads. */
export const PUBLIC_ERRORS: ReadonlyMap<string, { readonly prototype: Error }> = new Map(
  Object.entries({
    ContractError,
    DamagedStill,
    DeviceError,
    FfmpegError,
    FrameShortfall,
    GpuError,
    LicenceError,
    ModelError,
    OutputError,
    PresetError,
    ReelError,
    ShotListError,
    StillError,
    UnsupportedStill,
    UsageError,
  }),
);
