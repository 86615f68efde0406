/**
 * What a preview's page does beside what every page does. The clip's wipe is drawn from the halves of one movie, so that both stay in
 * step. While pictures are still to come the page is loaded anew, but not under a hand. Without scripts the clip plays side by side.
 */
export const PREVIEW_SCRIPT = `
let touched = 0;
for (const event of ['pointerdown', 'pointermove', 'keydown', 'input']) {
  addEventListener(event, (e) => { if (event !== 'pointermove' || e.buttons) touched = Date.now(); }, { passive: true });
}
if (document.querySelector('.running')) {
  setInterval(() => { if (Date.now() - touched > 4000 && !document.hidden) location.reload(); }, 2000);
}
for (const choice of document.querySelectorAll('select[data-side]')) {
  const figure = choice.closest('figure');
  choice.addEventListener('change', () => {
    const picture = figure.querySelector(choice.dataset.side === 'left' ? 'img:not(.after)' : 'img.after');
    picture.src = choice.value;
    picture.alt = choice.selectedOptions[0].text;
  });
}
const clip = document.querySelector('.clip');
if (clip) {
  const video = clip.querySelector('video');
  const canvas = clip.querySelector('canvas');
  const slider = clip.querySelector('input');
  const play = document.querySelector('.play');
  const pen = canvas.getContext('2d');
  const draw = () => {
    const width = video.videoWidth / 2, height = video.videoHeight;
    if (width === 0) return;
    if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
    const edge = Math.round(width * slider.value / 100);
    pen.drawImage(video, width, 0, width, height, 0, 0, width, height);
    if (edge > 0) pen.drawImage(video, 0, 0, edge, height, 0, 0, edge, height);
    clip.classList.add('drawn');
  };
  video.controls = false;
  const follow = () => { draw(); requestAnimationFrame(follow); };
  video.addEventListener('loadeddata', follow, { once: true });
  if (video.readyState > 1) follow();
  const name = () => { play.textContent = video.paused ? 'Play' : 'Pause'; };
  for (const event of ['play', 'pause']) video.addEventListener(event, name);
  play.addEventListener('click', () => video.paused ? video.play() : video.pause());
  for (const step of document.querySelectorAll('.step')) step.addEventListener('click', () => {
    video.pause();
    video.currentTime = Math.max(0, video.currentTime + step.dataset.by / clip.dataset.rate);
  });
  video.play().catch(name);
  name();
}
`;
