/**
 * What every page does: each slider moves the edge of its wipe, and a picture's pixel is a pixel of the screen. Without scripts both
 * halves still show, and pixels are the page's.
 */
export const PAGE_SCRIPT = `
for (const wipe of document.querySelectorAll('.wipe')) {
  const slider = wipe.querySelector('input');
  const move = () => wipe.style.setProperty('--edge', slider.value + '%');
  slider.addEventListener('input', move);
  move();
}
document.documentElement.style.setProperty('--dpr', devicePixelRatio);
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('details')) details.open = true;
});
`;
