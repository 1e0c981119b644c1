import { readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

const MAX_BYTES = 8 * 1024 * 1024;

/** Where `name` logs to. What grew past 8 MiB is put aside as `.1`, over the one put aside before. */
export function logFile(folder, name) {
  const file = path.join(folder, `${name}.log`);
  if (sizeOf(file) > MAX_BYTES) renameSync(file, `${file}.1`);
  return file;
}

export function sizeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** What was written to a log after `offset`. */
export function readSince(file, offset) {
  return readFileSync(file).subarray(offset).toString('utf8');
}
