import { z } from 'zod';
import { parseQuery, route } from '@/lib/api';
import type { LineView } from '@/lib/build/views';
import { downloadLines } from '@/lib/services/build-lines';

const Query = z.object({
  attempt: z.coerce.number().int().positive().optional(),
  step: z.string().max(200).optional(),
});

export const GET = route<RouteContext<'/api/builds/[buildId]/log'>>(
  async (actor, request, { params }) => {
    const { buildId } = await params;
    const query = parseQuery(Query, request);
    const { attempt, note, lines } = await downloadLines(actor, buildId, query);
    const part = query.step === undefined ? '' : '-step';
    return new Response(textStream(note, lines), {
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'content-disposition': `attachment; filename="build-${buildId.slice(-12)}-${attempt}${part}.log"`,
        'cache-control': 'no-store',
      },
    });
  },
);

function textStream(
  note: string | null,
  lines: AsyncGenerator<LineView>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      if (note !== null) controller.enqueue(encoder.encode(`${note}\n`));
    },
    async pull(controller) {
      const next = await lines.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(`${next.value.text}\n`));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
}
