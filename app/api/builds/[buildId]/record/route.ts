import { route } from '@/lib/api';
import { exportRecord } from '@/lib/services/record-export';

export const GET = route<RouteContext<'/api/builds/[buildId]/record'>>(
  async (actor, _request, { params }) => {
    const { buildId } = await params;
    const { fileName, body } = await exportRecord(actor, buildId);
    return new Response(body, {
      headers: {
        'content-type': 'application/gzip',
        'content-disposition': `attachment; filename="${fileName}"`,
        'cache-control': 'no-store',
      },
    });
  },
);
