/** Ends the leader of a group of processes and all that it has started, at once. Windows has no such groups: there it ends by itself. */
export function killGroup(leader: number): void {
  try {
    process.kill(process.platform === 'win32' ? leader : -leader, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
