import { z } from 'zod';
import { parseQuery, route } from '@/lib/api';
import type { SseEvent } from '@/lib/build/sse';
import { eventStream } from '@/lib/event-stream';
import { requireBuild } from '@/lib/services/build-events';
import {
  type FollowEvent,
  followBuild,
  parsePosition,
} from '@/lib/services/build-follow';

export const dynamic = 'force-dynamic';

const Query = z.object({ after: z.string().max(40).optional() });

export const GET = route<RouteContext<'/api/builds/[buildId]/events'>>(
  async (actor, request, { params }) => {
    const { buildId } = await params;
    await requireBuild(actor.teamId, buildId);
    const { after } = parseQuery(Query, request);
    const start = parsePosition(
      request.headers.get('last-event-id') ?? after ?? null,
    );
    const abort = new AbortController();
    request.signal.addEventListener('abort', () => abort.abort(), {
      once: true,
    });
    return eventStream(
      encode(followBuild(actor, buildId, start, abort.signal)),
      abort,
    );
  },
);

async function* encode(
  events: AsyncGenerator<FollowEvent>,
): AsyncGenerator<SseEvent> {
  for await (const { event, data, position } of events) {
    const id = position ? `${position.attempt}:${position.seq}` : undefined;
    yield {
      event,
      data: JSON.stringify(data),
      ...(id === undefined ? {} : { id }),
    };
  }
}
