import type { Finding } from '@/lib/build/doctor';
import type { ExamineRequest } from '@/lib/build/engine';
import { openEgress, resolveAddresses } from '@/lib/registry/egress';
import { allowanceFor } from '@/lib/registry/egress-policy';
import { RegistryError } from '@/lib/registry/errors';
import { registryOrigin } from '@/lib/registry/reference';
import { askEach, findingsOf } from '@/worker/doctor/finding';

const ASK_MS = 15_000;

/** Whether each registry answers this process, which reads back what was pushed. */
export function lookAtRegistries(
  registries: ExamineRequest['registries'],
  signal: AbortSignal,
): Promise<Finding[]> {
  return askEach(registries, (registry) => look(registry, signal));
}

async function look(
  { host, plainHttp }: ExamineRequest['registries'][number],
  signal: AbortSignal,
): Promise<Finding> {
  const finding = findingsOf('registry', host);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]);
  let egress;
  try {
    const url = new URL('/v2/', registryOrigin(host, plainHttp));
    const addresses = await resolveAddresses(url.hostname);
    const allowance = allowanceFor(host, plainHttp, addresses);
    egress = openEgress({ policy: { allow: allowance ? [allowance] : [] } });
    await egress.request({ method: 'GET', url, signal: limit });
    return finding('good', 'reached');
  } catch (error) {
    if (signal.aborted) throw error;
    const fault = error instanceof RegistryError && error.facts.tlsFault;
    if (fault) return finding('bad', 'tls', { fault });
    const reason =
      error instanceof RegistryError
        ? error.message
        : 'Its name or address cannot be used.';
    return finding('bad', 'unreachable', { reason: reason.slice(0, 500) });
  } finally {
    await egress?.close();
  }
}
