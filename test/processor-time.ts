/** Milliseconds of the processor that this process has taken: a clock would count what other processes take, too. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
