import type { RegistryError } from '@/lib/registry/errors';

const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 45_000];

/** After how long to ask a registry again that is away or wants fewer requests; `null` when asking again changes nothing. */
export function retryAfterMs(
  { code }: Pick<RegistryError, 'code'>,
  tries: number,
): number | null {
  const isAway =
    code === 'REGISTRY_UNREACHABLE' || code === 'REGISTRY_RATE_LIMITED';
  return (isAway && RETRY_MS[tries - 1]) || null;
}
