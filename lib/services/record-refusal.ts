import 'server-only';
import type { z } from 'zod';
import { MAX_UNPACKED_BYTES } from '@/lib/build/build-record';
import { AppError } from '@/lib/errors';
import { quote } from '@/lib/services/archive-refusal';
import type { TarRules } from '@/lib/services/archive-tar';

/** A file that is not taken as a record; the message says why. */
export function refuseRecord(message: string, cause?: unknown): AppError {
  return new AppError('RECORD_INVALID', message, { cause });
}

/** The first thing that is not as the format says, by where it stands. */
export function refuseShape(what: string, error: z.ZodError): AppError {
  const [issue] = error.issues;
  const place = issue?.path.map(String).join('.') ?? '';
  return refuseRecord(
    `${what} is not as a build record has it${place === '' ? '' : `, at ${quote(place)}`}.`,
    error,
  );
}

/** How the tar of a record is read. */
export const RECORD_TAR: TarRules = {
  // Beside the content a tar holds headers and padding.
  maxBytes: MAX_UNPACKED_BYTES * 1.05,
  tooLarge: () =>
    refuseRecord(
      'Unpacked, the file is larger than 512 MiB, which no build record is.',
    ),
  asRefusal: (error) =>
    error instanceof AppError
      ? error
      : refuseRecord(
          'The file is no build record, or it is cut off or damaged.',
          error,
        ),
};
