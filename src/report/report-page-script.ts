/** The page's only behaviour: each slider moves the edge of its wipe. Without it both halves are still seen. */
export const REPORT_SCRIPT = `
for (const wipe of document.querySelectorAll('.wipe')) {
  const slider = wipe.querySelector('input');
  const move = () => wipe.style.setProperty('--edge', slider.value + '%');
  slider.addEventListener('input', move);
  move();
}
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('details')) details.open = true;
});
`;
