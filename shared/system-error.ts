/** A failure of the operating system – a disk, a file that is none –, and no bug of ours. */
export const isSystemError = (cause: unknown): cause is NodeJS.ErrnoException =>
  cause instanceof Error && 'syscall' in cause;
