import pino from 'pino';

/** The one logger. Pass errors as `err`; never pass a form, a credential, a header or an upstream body. */
export const log = pino({
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: {
    paths: [
      'password',
      'secret',
      'token',
      'authorization',
      '*.password',
      '*.secret',
      '*.token',
      '*.authorization',
    ],
    censor: '[hidden]',
  },
  serializers: {
    err: (error: unknown) => {
      if (!(error instanceof Error)) return String(error);
      const code: unknown = 'code' in error ? error.code : undefined;
      const cause =
        error.cause instanceof Error
          ? `${error.cause.name}: ${error.cause.message}`
          : undefined;
      return {
        name: error.name,
        code,
        message: error.message,
        cause,
        stack: error.stack,
      };
    },
  },
});
