import type { ErrorCode } from '@/lib/errors';
import type { CredentialPurpose } from './credential';
import type { CredentialCheckView } from './views';

type Fault = CredentialCheckView['fault'];

// A moment's silence is no fault of a credential: these count once the next test meets one as well.
const PASSING_FAULTS: readonly ErrorCode[] = [
  'REGISTRY_UNREACHABLE',
  'REGISTRY_INVALID_ANSWER',
];

/**
 * Why a credential does not serve its purpose any more, in a sentence, or `null` when a test gives no reason to say so.
 * A rate limit says nothing; silence says something only after a fault before.
 */
export function failureOf(
  purpose: CredentialPurpose,
  check: CredentialCheckView,
  faultBefore: Fault,
): string | null {
  if (check.fault !== null) {
    const { code, message } = check.fault;
    if (code === 'REGISTRY_RATE_LIMITED') return null;
    const isPassing = PASSING_FAULTS.includes(code) && faultBefore === null;
    return isPassing ? null : message;
  }
  const { outcome, explanation } = resultFor(purpose, check);
  return outcome === 'refused' || outcome === 'no_access' ? explanation : null;
}

/** Whether a test was made and found nothing against the credential. */
export function isPassing(
  purpose: CredentialPurpose,
  check: CredentialCheckView,
): boolean {
  return check.fault === null && failureOf(purpose, check, null) === null;
}

/** The half of a test that speaks of what the credential is for. */
export function resultFor(
  purpose: CredentialPurpose,
  check: Pick<CredentialCheckView, 'pull' | 'push'>,
): CredentialCheckView['pull'] {
  return purpose === 'push' ? check.push : check.pull;
}
