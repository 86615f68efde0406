import { faceRenderer } from '../render/face-renderer.ts';
import { movingRenderer } from './moving-renderer.ts';
import { serve } from './rpc.ts';

serve(movingRenderer(faceRenderer()));
