import { gpuRenderService } from './gpu-render-service.ts';
import { serve } from './rpc.ts';

const { service, close } = gpuRenderService();
serve(service, { sideBySide: true, close });
