/** A failure whose message is the one line the person at the terminal needs. */
export class StartError extends Error {
  name = 'StartError';
}

const REASONS = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'read-only file system',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is not a folder',
  ENOENT: 'no such file or folder',
  ENAMETOOLONG: 'the path is too long',
  EIO: 'the disk reports an error',
};

export function fileReason(error) {
  return REASONS[error.code] ?? error.message;
}

/** Runs a command to its end: exit code 0, or one line on stderr and exit code 1. */
export async function runToExit(work) {
  try {
    await work();
  } catch (error) {
    process.exitCode = 1;
    console.error(error instanceof StartError ? error.message : error);
  }
  process.exit();
}
