import 'server-only';
import { z } from 'zod';
import { fieldErrors, reportError } from '@/lib/action';
import { type Actor, requireActor } from '@/lib/auth';
import { env } from '@/lib/env';
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
  return (request, context) =>
    respond(async () => {
      const actor = await requireActor();
      await requireIds(context);
      return verb(actor, request, context);
    });
}

/**
 * A POST route for a file of the signed-in browser, which is the body as it is. A server action would take it into
 * memory whatever its size; like one, this takes only what a page of this server sends.
 */
export function upload(
  maxBytes: number,
  verb: (actor: Actor, request: Request, bytes: Buffer) => Promise<unknown>,
): (request: Request) => Promise<Response> {
  return (request) =>
    respond(async () => {
      const actor = await requireActor();
      requireSameOrigin(request);
      return verb(actor, request, await readBytes(request, maxBytes));
    });
}

async function respond(answer: () => Promise<unknown>): Promise<Response> {
  try {
    const data = await answer();
    if (data instanceof Response) return data;
    return Response.json(data, { headers: { 'cache-control': 'no-store' } });
  } catch (error) {
    return errorResponse(reportError(error));
  }
}

/** Browsers put `Origin` on every POST, and no page can change it; a proxy may have changed `Host`. */
function requireSameOrigin({ headers }: Request): void {
  const publicUrl = env().PUBLIC_URL;
  const origin = headers.get('origin') ?? '';
  const host = URL.canParse(origin) ? new URL(origin).host : null;
  if (host !== null && host === headers.get('host')) return;
  if (origin === new URL(publicUrl).origin) return;
  throw new AppError(
    'NOT_ALLOWED',
    `The page that sent this is not one of this server. Open Imageyard at ${publicUrl}.`,
  );
}

/** A body, read up to a limit whatever its headers say. Throws INVALID_INPUT past it. */
export async function readBytes(
  request: Request,
  maxBytes: number,
): Promise<Buffer> {
  const tooLarge = () =>
    new AppError(
      'INVALID_INPUT',
      `What was sent is larger than ${formatLimit(maxBytes)}.`,
    );
  if (Number(request.headers.get('content-length')) > maxBytes)
    throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    // Nobody reads this answer: who sent it has gone.
    throw new AppError('INVALID_INPUT', 'The sending broke off.', { cause });
  }
  return Buffer.concat(chunks);
}

function formatLimit(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 * 1024
    ? `${bytes / 1024} KiB`
    : `${bytes / (1024 * 1024)} MiB`;
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
