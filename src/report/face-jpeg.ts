/** JPEG without chroma subsampling is a tenth of the PNG's size, and good enough to judge a face by. */
export const FACE_JPEG = { quality: 92, chromaSubsampling: '4:4:4' } as const;
