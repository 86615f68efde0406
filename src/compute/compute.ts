import type { CarryingOperations } from './carrying.ts';
import type { FilterOperations } from './filters.ts';
import type { FlowOperations } from './flows.ts';
import type { GrainOperations } from './grains.ts';
import type { ImageOperations } from './image.ts';
import type { LightOperations } from './lights.ts';
import type { MaskOperations } from './masks.ts';
import type { MeasureOperations } from './measures.ts';
import type { PixelOperations } from './pixels.ts';
import type { PlateOperations } from './plates.ts';
import type { StillOperations } from './stills.ts';
import type { TileOperations } from './tiles.ts';
import type { WarpOperations } from './warps.ts';
import type { WindowOperations } from './windows.ts';

/**
 * What pixels are computed by: the processor, or a device. An operation takes images and gives images at once, whether it has been
 * carried out or only recorded; `read`, `statistics` and `apply` wait. What is asked of it decides what comes out, and nothing else:
 * the same images and figures for the same input, whatever was computed before.
 *
 * Every backend passes `test/compute/conformance.ts`, to the tolerance named there.
 */
export interface Compute
  extends ImageOperations,
    PlateOperations,
    MaskOperations,
    PixelOperations,
    FilterOperations,
    TileOperations,
    FlowOperations,
    WindowOperations,
    GrainOperations,
    StillOperations,
    CarryingOperations,
    WarpOperations,
    LightOperations,
    MeasureOperations,
    AsyncDisposable {
  /** As reports and job keys name it, such as `cpu`. */
  readonly name: string;
}
