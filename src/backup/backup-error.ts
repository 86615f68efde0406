/** No backup can be found or read where one is asked for. The message says what each target did, and what to do. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
