import 'server-only';
import { AppError } from '@/lib/errors';

/** An archive that is not taken; the message says what to do. */
export function refusal(message: string, cause?: unknown): AppError {
  return new AppError('INVALID_INPUT', message, {
    fields: { archive: message },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** What a reader of archives threw, as a refusal. */
export function asRefusal(error: unknown): AppError {
  return error instanceof AppError
    ? error
    : refusal('The archive is cut off or damaged. Pack it again.', error);
}

/** A path of a stranger's archive, so that it can do no harm in a message. */
export function quote(path: string): string {
  const plain = path.replaceAll(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16) ?? ''}}`,
  );
  return plain.length > 120
    ? `“${plain.slice(0, 60)}…${plain.slice(-50)}”`
    : `“${plain}”`;
}
