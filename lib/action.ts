import 'server-only';
import { unstable_rethrow } from 'next/navigation';
import type { z } from 'zod';
import { type Actor, requireActor } from '@/lib/auth';
import {
  AppError,
  type ErrorView,
  type FieldErrors,
  toErrorView,
} from '@/lib/errors';
import { log } from '@/lib/log';

export type ActionResult<T> =
  { ok: true; data: T } | { ok: false; error: ErrorView };

/** The messages of a zod error by field path, first message of each field. */
export function fieldErrors(error: z.ZodError): FieldErrors {
  const fields: FieldErrors = {};
  for (const issue of error.issues)
    fields[issue.path.join('.')] ??= issue.message;
  return fields;
}

/** Logs what is not expected and gives the view of any failure. */
export function reportError(error: unknown): ErrorView {
  const view = toErrorView(error);
  if (!(error instanceof AppError))
    log.error({ err: error }, 'unexpected error');
  else if (error.cause !== undefined)
    log.info({ code: error.code, err: error.cause }, error.message);
  return view;
}

async function settle<Schema extends z.ZodType, T>(
  schema: Schema,
  input: unknown,
  verb: (input: z.output<Schema>) => Promise<T>,
): Promise<ActionResult<T>> {
  try {
    const parsed = schema.safeParse(input);
    if (!parsed.success) {
      throw new AppError('INVALID_INPUT', 'Some fields need another value.', {
        fields: fieldErrors(parsed.error),
      });
    }
    return { ok: true, data: await verb(parsed.data) };
  } catch (error) {
    unstable_rethrow(error);
    return { ok: false, error: reportError(error) };
  }
}

/**
 * A server action: signed in, input parsed, verb called. Expected failures are returned, because a thrown message is
 * hidden from the client in production. Authorisation is the verb's own work.
 */
export function action<Schema extends z.ZodType, T>(
  schema: Schema,
  verb: (actor: Actor, input: z.output<Schema>) => Promise<T>,
): (input: z.input<Schema>) => Promise<ActionResult<T>> {
  return (input) =>
    settle(schema, input, async (parsed) => verb(await requireActor(), parsed));
}

/** A server action for people who are not signed in; the verb proves by the input itself that it may act. */
export function publicAction<Schema extends z.ZodType, T>(
  schema: Schema,
  verb: (input: z.output<Schema>) => Promise<T>,
): (input: z.input<Schema>) => Promise<ActionResult<T>> {
  return (input) => settle(schema, input, verb);
}
