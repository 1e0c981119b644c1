import { z } from 'zod';
import type { ActionResult } from '@/lib/action';
import { ERRORS, type ErrorCode, type ErrorView } from '@/lib/errors';

const CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

const ErrorBody = z.object({
  error: z.object({
    code: z.enum(CODES),
    message: z.string(),
    hint: z.string(),
    fields: z.record(z.string(), z.string()).optional(),
  }),
});

/** A failure the server explained; the client's twin of `AppError`. */
export class RequestError extends Error {
  readonly view: ErrorView;

  constructor(view: ErrorView, options: { cause?: unknown } = {}) {
    super(view.message, options);
    this.name = 'RequestError';
    this.view = view;
  }
}

function unreachable(cause: unknown): RequestError {
  return new RequestError(
    {
      code: 'SERVER_UNREACHABLE',
      message: 'Imageyard did not answer.',
      hint: ERRORS.SERVER_UNREACHABLE.hint,
    },
    { cause },
  );
}

function internal(message: string): ErrorView {
  return { code: 'INTERNAL', message, hint: ERRORS.INTERNAL.hint };
}

async function readError(response: Response): Promise<ErrorView> {
  const body: unknown = await response.json().catch(() => null);
  const parsed = ErrorBody.safeParse(body);
  if (!parsed.success)
    return internal(`The server answered with status ${response.status}.`);
  return parsed.data.error;
}

/**
 * Reads one of our own GET routes. Throws `RequestError`; an abort is thrown as it is, so that React Query drops it.
 * The type is the route's view; give `schema` where the answer may come from another release of the server.
 */
export async function fetchJson<T>(
  path: string,
  options: { signal?: AbortSignal; schema?: z.ZodType<T> } = {},
): Promise<T> {
  const response = await fetch(path, {
    signal: options.signal ?? null,
    headers: { accept: 'application/json' },
  }).catch((error: unknown) => {
    if (options.signal?.aborted) throw error;
    throw unreachable(error);
  });
  if (!response.ok) throw new RequestError(await readError(response));
  const body: unknown = await response.json();
  return options.schema ? options.schema.parse(body) : (body as T);
}

/**
 * Sends a file to one of our own upload routes. `onProgress` is told how much of it has been sent, 0 to 1, which `fetch`
 * cannot tell. Throws `RequestError`, and on an abort what the signal says.
 */
export function sendFile<T>(
  path: string,
  file: Blob,
  options: { signal: AbortSignal; onProgress: (part: number) => void },
): Promise<T> {
  const { signal, onProgress } = options;
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    const settle = async () => {
      if (request.status === 0) throw unreachable(null);
      const { status, responseText } = request;
      const response = new Response(responseText, { status });
      if (!response.ok) throw new RequestError(await readError(response));
      return (await response.json()) as T;
    };
    request.upload.onprogress = ({ loaded, total }) =>
      onProgress(total > 0 ? loaded / total : 0);
    request.onloadend = () => {
      signal.removeEventListener('abort', abort);
      if (signal.aborted) reject(signal.reason as Error);
      else settle().then(resolve, reject);
    };
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    signal.addEventListener('abort', abort);
    request.open('POST', path);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.send(file);
  });
}

/** The data of a server action's answer; throws `RequestError` for its failure. */
export function unwrap<T>(result: ActionResult<T>): T {
  if (!result.ok) throw new RequestError(result.error);
  return result.data;
}

/** What to show for anything a query or a mutation threw. */
export function errorView(error: unknown): ErrorView {
  if (error instanceof RequestError) return error.view;
  // What `fetch` throws when a server action's request finds nobody: "Failed to fetch" and its like in other browsers.
  if (
    error instanceof TypeError &&
    /fetch|network|load failed/i.test(error.message)
  )
    return unreachable(error).view;
  return internal('Something went wrong in this page.');
}
