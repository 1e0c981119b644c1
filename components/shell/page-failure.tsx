'use client';
import { useTransition } from 'react';
import { ErrorNotice } from '@/components/ui/error-notice';
import { ERRORS } from '@/lib/errors';

/** What a page shows in place of itself when the server could not make it. The digest finds the cause in the log. */
export function PageFailure({
  error,
  retry,
}: {
  error: unknown;
  retry: () => void;
}) {
  const [isRetrying, startRetry] = useTransition();
  const digest =
    error instanceof Error && 'digest' in error ? String(error.digest) : null;
  return (
    <ErrorNotice
      error={{
        code: 'INTERNAL',
        message: 'Something went wrong on the server.',
        hint: digest
          ? `Try again. If it happens again, look for \`${digest}\` in the server log.`
          : ERRORS.INTERNAL.hint,
      }}
      onRetry={() => startRetry(retry)}
      isRetrying={isRetrying}
    />
  );
}
