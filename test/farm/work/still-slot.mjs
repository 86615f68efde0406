// Stands in for a slot's process that is at a step and comes no further: it names its stage, beats, and says nothing else. In STAGE; none
// where BEATS is 0.
process.on('message', ({ run }) => {
  process.send({ run, progress: { stage: process.env.STAGE, done: 0, total: 1 } });
  if (process.env.BEATS !== '0') setInterval(() => process.send({ beat: true }), 20);
});
