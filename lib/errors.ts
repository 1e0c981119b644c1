import { ERRORS } from '@/lib/error-codes';

export { ERRORS };

export type ErrorCode = keyof typeof ERRORS;

/** Messages by field path (`packages.2`), for the form that sent the input. */
export type FieldErrors = Record<string, string>;

/** What crosses the wire for any failure. */
export type ErrorView = {
  code: ErrorCode;
  message: string;
  hint: string;
  fields?: FieldErrors;
};

/**
 * An expected failure. `message` is for the user: never a secret, an upstream body or a URL's query. `cause` is for
 * the log.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fields: FieldErrors | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; fields?: FieldErrors } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.fields = options.fields;
  }
}

/** The view of any thrown value. What is not an `AppError` becomes `INTERNAL` with a fixed text; log it yourself. */
export function toErrorView(error: unknown): ErrorView {
  if (!(error instanceof AppError)) {
    return {
      code: 'INTERNAL',
      message: 'Something went wrong on the server.',
      hint: ERRORS.INTERNAL.hint,
    };
  }
  return {
    code: error.code,
    message: error.message,
    hint: ERRORS[error.code].hint,
    ...(error.fields ? { fields: error.fields } : {}),
  };
}
