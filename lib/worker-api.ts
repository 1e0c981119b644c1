import 'server-only';
import { z } from 'zod';
import { reportError } from '@/lib/action';
import { errorResponse, readBytes } from '@/lib/api';
import { AppError } from '@/lib/errors';
import type { AttemptKey } from '@/lib/services/build-work';
import {
  requireProtocol,
  requireWorker,
  type WorkerActor,
} from '@/lib/services/worker-auth';

const Key = z.object({
  buildId: z.uuid(),
  attempt: z.coerce.number().int().positive(),
});
const MAX_JSON_BYTES = 256 * 1024;

/** A route that only a worker calls: bearer secret and protocol checked, failures as their view. */
export function machineRoute<Context>(
  verb: (
    worker: WorkerActor,
    request: Request,
    context: Context,
  ) => Promise<Response>,
): (request: Request, context: Context) => Promise<Response> {
  return async (request, context) => {
    try {
      return await verb(await requireWorker(request), request, context);
    } catch (error) {
      return errorResponse(reportError(error));
    }
  };
}

/** A route for a worker that has no secret yet: protocol checked, failures as their view. */
export function openMachineRoute(
  verb: (request: Request) => Promise<Response>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      requireProtocol(request);
      return await verb(request);
    } catch (error) {
      return errorResponse(reportError(error));
    }
  };
}

/** The build and attempt of a path. Throws NOT_FOUND for anything else. */
export function attemptKey(params: {
  buildId: string;
  attempt: string;
}): AttemptKey {
  const key = Key.safeParse(params);
  if (!key.success)
    throw new AppError('NOT_FOUND', 'There is no such attempt.');
  return key.data;
}

/** A JSON body, parsed. Throws INVALID_INPUT. */
export async function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  request: Request,
): Promise<z.output<Schema>> {
  const bytes = await readBytes(request, MAX_JSON_BYTES);
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw new AppError('INVALID_INPUT', 'The body could not be read.', {
      cause,
    });
  }
}
