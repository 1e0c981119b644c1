import { route } from '@/lib/api';
import { packStarter } from '@/lib/services/spec-starter';

export const GET = route<RouteContext<'/api/specs/[specId]/starter'>>(
  async (actor, _request, { params }) => {
    const { specId } = await params;
    const { fileName, bytes } = await packStarter(actor, specId);
    return new Response(new Uint8Array(bytes), {
      headers: {
        'content-type': 'application/gzip',
        'content-disposition': `attachment; filename="${fileName}"`,
        'cache-control': 'no-store',
      },
    });
  },
);
