import { checkHealth } from '@/lib/services/health';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  const isHealthy = await checkHealth();
  return Response.json({ ok: isHealthy }, { status: isHealthy ? 200 : 503 });
}
