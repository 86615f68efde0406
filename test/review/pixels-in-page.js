// Runs in the page before its own scripts, and is asked by tests.

/** True where the picture that the server has at an address is drawn in the canvas, pixel by pixel, at least half of it. */
globalThis.isDrawn = async (address) => {
  const canvas = document.querySelector('canvas[role=img]');
  if (!canvas) return false;
  const file = await (await fetch(address)).blob();
  const picture = await createImageBitmap(file, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' });
  const { width, height } = picture;
  const meant = samplesOf(picture);
  const drawn = samplesOf(canvas);
  for (let top = -height + 1; top < canvas.height; top++) {
    const [from, until] = [Math.max(0, -top), Math.min(height, canvas.height - top)];
    if (until - from < height / 2) continue;
    for (let left = -width + 1; left < canvas.width; left++) {
      const [begin, end] = [Math.max(0, -left), Math.min(width, canvas.width - left)];
      if (end - begin < width / 2) continue;
      let isHere = true;
      for (let y = from; y < until && isHere; y++) {
        for (let x = begin; x < end && isHere; x++) {
          // Opaque samples of 32 bits are compared whole.
          isHere = drawn[(top + y) * canvas.width + left + x] === meant[y * width + x];
        }
      }
      if (isHere) return true;
    }
  }
  return false;
};

/** What is drawn in the canvas, as text. */
globalThis.drawnText = () => document.querySelector('canvas[role=img]')?.toDataURL() ?? '';

function samplesOf(picture) {
  const { width, height } = picture;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  context.drawImage(picture, 0, 0);
  return new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
}
