import { FAILURE_CODES, type Finish } from '@/lib/build/protocol';
import { AppError } from '@/lib/errors';
import type { Reporter } from '@/worker/reporter';

type Result = Finish['result'];

/** What an error that ended an attempt is told as. One that nobody expected is told as INTERNAL, without its words. */
export function failureOf(error: unknown, reporter: Reporter): Result {
  const code =
    error instanceof AppError
      ? FAILURE_CODES.find((known) => known === error.code)
      : undefined;
  if (error instanceof AppError && code) return failed(code, error.message);
  if (error instanceof AppError && error.code === 'SPEC_INVALID') {
    const message = `The spec cannot be built: ${error.message}`;
    const failure = {
      code: 'BUILD_DOCKERFILE_INVALID' as const,
      message,
      step: null,
      exitCode: null,
    };
    return { outcome: 'failed', failure: reporter.failure(failure) };
  }
  return failed('INTERNAL', 'The worker failed; its own log says why.');
}

export function failed(
  code: (typeof FAILURE_CODES)[number],
  message: string,
): Result {
  return {
    outcome: 'failed',
    failure: { code, message, step: null, exitCode: null },
  };
}
