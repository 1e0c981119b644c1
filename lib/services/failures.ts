import 'server-only';
import {
  AppError,
  type ErrorCode,
  ERRORS,
  type ErrorView,
  toErrorView,
} from '@/lib/errors';
import { log } from '@/lib/log';

/** A failure as background work keeps it in its row: a code of ours and words of ours. */
export type StoredFailure = {
  failureCode: string | null;
  failureMessage: string | null;
};

export const NO_FAILURE: StoredFailure = {
  failureCode: null,
  failureMessage: null,
};

/** What to keep of anything that was thrown; what nobody expected is logged. */
export function toStoredFailure(error: unknown): StoredFailure {
  if (!(error instanceof AppError))
    log.error({ err: error }, 'background work failed');
  const { code, message } = toErrorView(error);
  return { failureCode: code, failureMessage: message };
}

/** The view of a kept failure; of a code that is no more, `INTERNAL`. */
export function toFailureView(row: StoredFailure): ErrorView | null {
  if (row.failureCode === null) return null;
  const code: ErrorCode = Object.hasOwn(ERRORS, row.failureCode)
    ? (row.failureCode as ErrorCode)
    : 'INTERNAL';
  return {
    code,
    message: row.failureMessage ?? '',
    hint: ERRORS[code].hint,
  };
}
