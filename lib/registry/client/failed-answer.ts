import { RegistryError, type RegistryErrorCode } from '@/lib/registry/errors';
import { upstreamCode } from '@/lib/registry/evidence';
import type { CallResult, Session } from './session';

/**
 * The error for an answer that is no success: 401 and 403 `REGISTRY_DENIED`, 404 `REGISTRY_NOT_FOUND`, 429
 * `REGISTRY_RATE_LIMITED` (with `facts.retryAt`), 5xx `REGISTRY_UNREACHABLE`, else `REGISTRY_INVALID_ANSWER`.
 */
export function failedAnswer(
  answer: CallResult,
  session: Session,
  what: string,
): RegistryError {
  const { status, retryAt } = answer;
  const code = codeOf(status);
  const upstream = upstreamCode(answer.body);
  return new RegistryError(code, `${what}: ${wordsOf(code, session, status)}`, {
    facts: {
      stage: answer.isOwn ? 'registry' : 'storage',
      status,
      ...(upstream === null ? {} : { upstreamCode: upstream }),
      ...(retryAt === null ? {} : { retryAt }),
      ...(status === 401 && answer.auth === 'unusable'
        ? { misconfiguredAuth: true }
        : {}),
    },
  });
}

function codeOf(status: number): RegistryErrorCode {
  if (status === 401 || status === 403) return 'REGISTRY_DENIED';
  if (status === 404) return 'REGISTRY_NOT_FOUND';
  if (status === 429) return 'REGISTRY_RATE_LIMITED';
  return status >= 500 ? 'REGISTRY_UNREACHABLE' : 'REGISTRY_INVALID_ANSWER';
}

function wordsOf(
  code: RegistryErrorCode,
  { registry, hasCredential }: Session,
  status: number,
): string {
  switch (code) {
    case 'REGISTRY_DENIED':
      return hasCredential
        ? `${registry} refuses it to this credential.`
        : `${registry} refuses it without a credential.`;
    case 'REGISTRY_NOT_FOUND':
      return `${registry} does not have it.`;
    case 'REGISTRY_RATE_LIMITED':
      return `${registry} asks to wait.`;
    default:
      return `${registry} answered with status ${String(status)}.`;
  }
}
