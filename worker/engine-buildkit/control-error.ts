import { AppError } from '@/lib/errors';
import { whyAway } from '@/worker/engine-away';

const DISTRUST = /certificate|SSL|TLS|altnames/i;

/** What a call that a daemon did not answer means: an AppError with ENGINE_UNREACHABLE or ENGINE_FAILED. */
export function controlError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const words = wordsOf(error);
  const reason =
    [...words.matchAll(/\bE[A-Z]{3,}\b/g)]
      .map(([code]) => whyAway(code))
      .find((known) => known !== undefined) ??
    (DISTRUST.test(words)
      ? 'The certificates of this worker and of the engine do not fit each other.'
      : undefined) ??
    (/Connection dropped|No connection|ended before/i.test(words)
      ? 'The container engine broke the connection.'
      : undefined) ??
    (/deadline/i.test(words)
      ? 'The container engine did not answer in time.'
      : undefined);
  return reason === undefined
    ? new AppError('ENGINE_FAILED', 'The container engine failed.', {
        cause: error,
      })
    : new AppError('ENGINE_UNREACHABLE', reason, { cause: error });
}

/** The daemon's own words in a failed call. */
export function wordsOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  if ('details' in error && typeof error.details === 'string')
    return error.details;
  return error instanceof Error ? error.message : '';
}
