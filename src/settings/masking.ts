/** Things that a masker may tell apart in a picture of a face: the classes of CelebAMask-HQ (Lee 2020), both sides in one. */
export const FACE_CLASSES = [
  'skin',
  'brow',
  'eye',
  'glasses',
  'ear',
  'earring',
  'nose',
  'mouth',
  'lip',
  'neck',
  'necklace',
  'cloth',
  'hair',
  'hat',
] as const;
