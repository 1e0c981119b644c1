import 'server-only';
import { z } from 'zod';
import { fieldErrors, reportError } from '@/lib/action';
import { type Actor, requireActor } from '@/lib/auth';
import { AppError, ERRORS, type ErrorView } from '@/lib/errors';

/** The response for a failure: its view and its HTTP status. */
export function errorResponse(view: ErrorView): Response {
  return Response.json(
    { error: view },
    {
      status: ERRORS[view.code].status,
      headers: { 'cache-control': 'no-store' },
    },
  );
}

/** A GET route for the signed-in browser: actor, verb, JSON. */
export function route<Context>(
  verb: (actor: Actor, request: Request, context: Context) => Promise<unknown>,
): (request: Request, context: Context) => Promise<Response> {
  return async (request, context) => {
    try {
      const actor = await requireActor();
      await requireIds(context);
      const answer = await verb(actor, request, context);
      if (answer instanceof Response) return answer;
      return Response.json(answer, {
        headers: { 'cache-control': 'no-store' },
      });
    } catch (error) {
      return errorResponse(reportError(error));
    }
  };
}

const Ids = z.object({ params: z.promise(z.record(z.string(), z.string())) });

/** Every parameter of the path named like an id must be one: anything else is NOT_FOUND before the database is asked. */
async function requireIds(context: unknown): Promise<void> {
  const found = await Ids.safeParseAsync(context);
  const ids = Object.entries(found.data?.params ?? {}).filter(([name]) =>
    name.endsWith('Id'),
  );
  if (ids.some(([, id]) => !z.uuid().safeParse(id).success)) {
    throw new AppError('NOT_FOUND', 'There is no such thing here.');
  }
}

/** The query string of a request, parsed. Throws INVALID_INPUT. */
export function parseQuery<Schema extends z.ZodType>(
  schema: Schema,
  request: Request,
): z.output<Schema> {
  const result = schema.safeParse(
    Object.fromEntries(new URL(request.url).searchParams),
  );
  if (result.success) return result.data;
  throw new AppError(
    'INVALID_INPUT',
    'The address has a parameter that cannot be read.',
    {
      fields: fieldErrors(result.error),
    },
  );
}

/** The ids in a route's address. Throws NOT_FOUND for what cannot be one, before the database is asked. */
export async function parseParams<Schema extends z.ZodType>(
  schema: Schema,
  params: Promise<unknown>,
): Promise<z.output<Schema>> {
  const result = schema.safeParse(await params);
  if (result.success) return result.data;
  throw new AppError('NOT_FOUND', 'There is nothing at this address.');
}
