import type { AccessEvidence, AccessIdentity, Probe } from './access-evidence';

export const ACCESS_VERDICTS = [
  'public',
  'public_other_platform',
  'wrong_platform',
  'partially_public',
  'private_or_missing',
  'private',
  'no_access',
  'missing_tag',
  'missing_repository',
  'rate_limited',
  'unreachable',
  'tls_untrusted',
  'insecure_http',
  'blocked_by_policy',
  'not_an_image',
  'unsupported_schema1',
  'invalid_manifest',
  'invalid_reference',
  'auth_misconfigured',
  'not_a_registry',
  'pullable',
  'partially_pullable',
] as const;
/** The answer to “can this be pulled?”. What a credential may pull is `pullable`, never `public`. */
export type AccessVerdict = (typeof ACCESS_VERDICTS)[number];

export type FailedPart = {
  digest: string;
  kind: 'manifest' | 'config' | 'layer';
  status: number | null;
};

/** A verdict with what a person needs to understand it. */
export type Access = {
  state: AccessVerdict;
  identity: AccessIdentity;
  /** With `insecure_http` and `tls_untrusted`: what an anonymous pull gets there all the same. */
  underlying: AccessVerdict | null;
  digest: string | null;
  platforms: string[];
  failing: FailedPart[];
  checked: 'all' | 'sampled' | 'none';
  retryAt: string | null;
  nearTags: string[];
  transport: AccessEvidence['transport'];
  tlsFault: string | null;
  /** With `unreachable`: how far the request came. */
  stage: Probe['stage'] | null;
  /** With `invalid_reference` and `invalid_manifest`: the rule broken. */
  reason: string | null;
  vantage: string;
};

type Outcome =
  | 'ok'
  | 'denied'
  | 'not_found'
  | 'rate_limited'
  | 'unreachable'
  | 'tls'
  | 'not_tls'
  | 'blocked'
  | 'misconfigured'
  | 'invalid'
  | 'no_registry';

/**
 * The verdict on what was seen. Pure: the same evidence gives the same verdict.
 *
 * Order matters. A 429 is read before a 401 or 403; a 401 or 403 of the token server is a denial while its 5xx means
 * unreachable; plain http and an untrusted certificate turn what would be public into their own verdict; the
 * credential only ever refines a refusal. Evidence of a credential's own look never gives a `public` verdict.
 */
export function judgeAccess(evidence: AccessEvidence): Access {
  const found =
    evidence.identity === 'anonymous'
      ? judge(evidence)
      : asCredential(judge(evidence));
  const isTrusted = evidence.transport === 'https';
  const isPublic =
    found === 'public' ||
    found === 'public_other_platform' ||
    found === 'pullable';
  const hides =
    evidence.transport === 'untrusted_tls'
      ? found !== 'rate_limited'
      : !isTrusted && isPublic;
  const probes = allProbes(evidence);
  const failing = evidence.parts.filter(
    (part) => outcomeOf(part.probe) !== 'ok',
  );
  return {
    state: !hides
      ? found
      : evidence.transport === 'http'
        ? 'insecure_http'
        : 'tls_untrusted',
    identity: evidence.identity,
    underlying: hides && found !== 'tls_untrusted' ? found : null,
    digest: evidence.image?.digest ?? null,
    platforms: evidence.image?.platforms ?? [],
    failing: failing.map(({ digest, kind, probe }) => ({
      digest,
      kind,
      status: probe.status,
    })),
    checked: evidence.checked,
    retryAt: probes.find((probe) => probe.retryAt !== null)?.retryAt ?? null,
    nearTags: evidence.tags?.near ?? [],
    transport: evidence.transport,
    tlsFault: evidence.tlsFault,
    stage:
      probes.find((probe) => outcomeOf(probe) === 'unreachable')?.stage ?? null,
    reason: evidence.referenceFault ?? evidence.image?.reason ?? null,
    vantage: evidence.vantage,
  };
}

function judge(evidence: AccessEvidence): AccessVerdict {
  const { manifest, image, parts } = evidence;
  if (evidence.referenceFault !== null) return 'invalid_reference';
  if (allProbes(evidence).some((probe) => outcomeOf(probe) === 'rate_limited'))
    return 'rate_limited';
  if (manifest === null) return 'unreachable';
  const refusal = judgeResolution(evidence, outcomeOf(manifest));
  if (refusal) return refusal;
  if (image === null) return 'unreachable';
  if (image.kind === 'schema1') return 'unsupported_schema1';
  if (image.kind === 'artifact') return 'not_an_image';
  if (image.kind === 'invalid') return 'invalid_manifest';
  const outcomes = parts.map((part) => outcomeOf(part.probe));
  // A part that could not be made sense of is a missing part, not another kind of host.
  const hard = outcomes
    .filter((outcome) => outcome !== 'no_registry')
    .map(hardVerdict)
    .find((verdict) => verdict !== null);
  if (hard) return hard;
  if (outcomes.some((outcome) => outcome !== 'ok')) {
    return image.isMatch ? 'partially_public' : 'wrong_platform';
  }
  if (image.isMatch) return 'public';
  return image.chosen === null ? 'wrong_platform' : 'public_other_platform';
}

/** What the same answers mean when a credential got them: they say what it may do, and nothing of anyone else. */
function asCredential(verdict: AccessVerdict): AccessVerdict {
  switch (verdict) {
    case 'public':
      return 'pullable';
    case 'public_other_platform':
      return 'wrong_platform';
    case 'partially_public':
      return 'partially_pullable';
    case 'private_or_missing':
      return 'no_access';
    default:
      return verdict;
  }
}

/** The verdict when the tag or digest itself could not be had; null when it could. */
function judgeResolution(
  evidence: AccessEvidence,
  outcome: Outcome,
): AccessVerdict | null {
  const hard = hardVerdict(outcome);
  if (hard) return hard;
  if (outcome === 'denied') return judgeWithCredential(evidence);
  if (outcome !== 'not_found') return null;
  const { manifest, ping, tags } = evidence;
  const isStranger = manifest?.auth === 'none' && !manifest.isJson;
  if (isStranger && ping && !isRegistryPing(ping)) return 'not_a_registry';
  const isMissing =
    manifest?.upstreamCode === 'NAME_UNKNOWN' ||
    (tags !== null && outcomeOf(tags.probe) === 'not_found');
  return isMissing ? 'missing_repository' : 'missing_tag';
}

function judgeWithCredential({ credential }: AccessEvidence): AccessVerdict {
  if (!credential) return 'private_or_missing';
  const outcome = outcomeOf(credential.manifest);
  if (outcome === 'ok') return 'private';
  if (outcome === 'denied') return 'no_access';
  if (outcome !== 'not_found') return 'private_or_missing';
  const isTagMissing =
    credential.tags !== null && outcomeOf(credential.tags) === 'ok';
  return isTagMissing ? 'missing_tag' : 'missing_repository';
}

/** Outcomes that mean the same wherever they turn up. */
function hardVerdict(outcome: Outcome): AccessVerdict | null {
  switch (outcome) {
    case 'rate_limited':
      return 'rate_limited';
    case 'unreachable':
      return 'unreachable';
    case 'tls':
      return 'tls_untrusted';
    case 'not_tls':
      return 'insecure_http';
    case 'blocked':
      return 'blocked_by_policy';
    case 'misconfigured':
      return 'auth_misconfigured';
    case 'invalid':
      return 'invalid_manifest';
    case 'no_registry':
      return 'not_a_registry';
    case 'ok':
    case 'denied':
    case 'not_found':
      return null;
  }
}

function outcomeOf(probe: Probe): Outcome {
  const { status, failure } = probe;
  if (status === 429 || failure === 'REGISTRY_RATE_LIMITED')
    return 'rate_limited';
  if (probe.isAuthMisconfigured) return 'misconfigured';
  // An answer that came but could not be used, such as one above the size limit.
  if (failure === 'REGISTRY_INVALID_ANSWER' && status !== null)
    return 'invalid';
  if (failure !== null) return failureOutcome(failure, probe.tlsFault);
  if (status === null || status >= 500 || status === 408) return 'unreachable';
  if (status >= 200 && status < 300) return 'ok';
  if (status === 401)
    return probe.auth === 'unusable' ? 'misconfigured' : 'denied';
  if (status === 403) return 'denied';
  if (status === 404 || probe.upstreamCode !== null) return 'not_found';
  return probe.stage === 'storage' ? 'denied' : 'no_registry';
}

function failureOutcome(failure: string, tlsFault: string | null): Outcome {
  switch (failure) {
    case 'REGISTRY_DENIED':
      return 'denied';
    case 'REGISTRY_NOT_FOUND':
      return 'not_found';
    case 'REGISTRY_BLOCKED':
    case 'REGISTRY_REALM_UNBOUND':
      return 'blocked';
    case 'REGISTRY_TLS':
      return tlsFault === 'not_tls' ? 'not_tls' : 'tls';
    case 'REGISTRY_INVALID_ANSWER':
      return 'no_registry';
    default:
      return 'unreachable';
  }
}

function isRegistryPing(ping: Probe): boolean {
  return (
    (ping.status !== null && ping.status < 300) ||
    ping.status === 401 ||
    ping.isJson
  );
}

function allProbes({ manifest, parts }: AccessEvidence): Probe[] {
  return [...(manifest ? [manifest] : []), ...parts.map((part) => part.probe)];
}
