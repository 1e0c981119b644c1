import type { Probe } from '@/lib/registry/access-evidence';
import { RegistryError } from '@/lib/registry/errors';
import { isJson, upstreamCode } from '@/lib/registry/evidence';
import { isSuccess } from './read';
import type { CallResult } from './session';

/** The facts of an answer. A body is looked at only where it explains a failure. */
export function toProbe(answer: CallResult): Probe {
  const failed = !isSuccess(answer);
  return {
    status: answer.status,
    stage: answer.isOwn ? 'registry' : 'storage',
    failure: null,
    tlsFault: null,
    isAuthMisconfigured: answer.status === 401 && answer.auth === 'unusable',
    upstreamCode: failed ? upstreamCode(answer.body) : null,
    auth: answer.auth,
    isJson: failed && isJson(answer.body),
    retryAt: answer.retryAt,
  };
}

/** The facts of a failure. What is not a `RegistryError` is a fault of ours and is thrown on. */
export function toFailedProbe(error: unknown): Probe {
  if (!(error instanceof RegistryError)) throw error;
  const { code, facts } = error;
  return {
    status: facts.status ?? null,
    stage: facts.stage ?? 'connect',
    failure: code,
    tlsFault: facts.tlsFault ?? null,
    isAuthMisconfigured: facts.misconfiguredAuth === true,
    upstreamCode: facts.upstreamCode ?? null,
    auth: facts.stage === 'token' ? 'bearer' : 'none',
    isJson: false,
    retryAt: facts.retryAt ?? null,
  };
}

/** Makes a call and keeps its facts, whichever way it ends. */
export async function attempt(
  call: Promise<CallResult>,
): Promise<{ probe: Probe; answer: CallResult | null }> {
  try {
    const answer = await call;
    return { probe: toProbe(answer), answer };
  } catch (error) {
    return { probe: toFailedProbe(error), answer: null };
  }
}
