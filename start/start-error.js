import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';

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

/** Makes a folder and what is missing above it; an error says the true reason. */
export function makeFolder(folder, mode = 0o777) {
  try {
    mkdirSync(folder, { recursive: true, mode });
  } catch (error) {
    // On a read-only disk Node says of a folder that it is not there.
    if (error.code === 'ENOENT')
      accessSync(nearestFolder(folder), constants.W_OK);
    throw error;
  }
}

function nearestFolder(folder) {
  return existsSync(folder) ? folder : nearestFolder(path.dirname(folder));
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
