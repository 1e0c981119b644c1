import { z } from 'zod';
import { route } from '@/lib/api';
import { AppError } from '@/lib/errors';
import { getAttempt } from '@/lib/services/build-views';

const Params = z.object({
  buildId: z.uuid(),
  attempt: z.coerce.number().int().positive(),
});

export const GET = route<
  RouteContext<'/api/builds/[buildId]/attempts/[attempt]'>
>(async (actor, _request, { params }) => {
  const parsed = Params.safeParse(await params);
  if (!parsed.success)
    throw new AppError('NOT_FOUND', 'There is no such attempt.');
  return getAttempt(actor, parsed.data.buildId, parsed.data.attempt);
});
