import type { AccessEvidence, Probe } from '@/lib/registry/access-evidence';
import { RegistryError } from '@/lib/registry/errors';
import type { Exchange } from '@/lib/registry/evidence';
import { nearTags } from '@/lib/registry/near-tags';
import { parsePlatform } from '@/lib/registry/platform';
import {
  formatReference,
  type ImageReference,
  parseReference,
  pullReference,
} from '@/lib/registry/reference';
import { inspectImage } from './inspect-image';
import { readTags } from './list-tags';
import { attempt, toFailedProbe } from './probe';
import { callManifest, callTags, isSuccess } from './read';
import { openSession, type Session, type SessionOptions } from './session';

export type GatherOptions = Omit<
  SessionOptions,
  'registry' | 'verifyTls' | 'onExchange'
> & {
  /** As a person wrote it. */
  reference: string;
  /** `linux/amd64` and the like. */
  platform: string;
  /** Who is looking: `server`, or a worker's name. */
  vantage: string;
  /** PEM certificates the owner named for this registry. What needs them is not publicly trusted, and is said to be so. */
  ownCa?: string;
  totalMs?: number;
};

const TOTAL_MS = 60_000;

/**
 * Looks whether anyone can pull an image, and keeps what it saw; `judgeAccess` gives the verdict. Never throws for
 * what a registry does.
 *
 * The look is anonymous: the first session has no credential and shares nothing with the one that has. A server whose
 * certificate is not trusted is looked at again with the owner's certificates, and if they do not help without checking
 * it, so that the evidence can say what is there. Only after an anonymous refusal, and only over a trusted connection,
 * is the credential tried, in a session of its own.
 */
export async function gatherAccess(
  options: GatherOptions,
): Promise<AccessEvidence> {
  const { credential, ownCa, ...anonymous } = options;
  const now = options.now ?? Date.now;
  const exchanges: Exchange[] = [];
  const evidence: AccessEvidence = {
    version: 1,
    at: new Date(now()).toISOString(),
    vantage: options.vantage,
    reference: options.reference.slice(0, 1024),
    platform: options.platform,
    referenceFault: null,
    transport: options.plainHttp === true ? 'http' : 'https',
    tlsFault: null,
    manifest: null,
    ping: null,
    tags: null,
    image: null,
    parts: [],
    foreignLayers: [],
    checked: 'none',
    credential: null,
    exchanges,
  };
  const signal = AbortSignal.timeout(options.totalMs ?? TOTAL_MS);
  const onExchange = (exchange: Exchange) => void exchanges.push(exchange);
  try {
    const reference = parseReference(options.reference);
    evidence.reference = formatReference(reference);
    const asked: Asked = { reference, platform: options.platform, signal };
    let base: SessionOptions = {
      ...anonymous,
      registry: reference.registry,
      onExchange,
    };
    let isTrusted = true;
    await withSession(base, (session) =>
      lookAnonymously(session, asked, evidence),
    );
    if (isTlsRefusal(evidence.manifest)) {
      evidence.transport = 'untrusted_tls';
      evidence.tlsFault = evidence.manifest?.tlsFault ?? null;
      isTrusted = false;
      if (ownCa !== undefined) {
        base = { ...base, ca: ownCa };
        await withSession(base, (session) =>
          lookAnonymously(session, asked, evidence),
        );
        isTrusted = !isTlsRefusal(evidence.manifest);
      }
      if (!isTrusted) {
        await withSession({ ...base, verifyTls: false }, (session) =>
          lookAnonymously(session, asked, evidence),
        );
      }
    }
    if (isTrusted && credential && isRefused(evidence.manifest)) {
      await withSession({ ...base, credential }, (session) =>
        lookWithCredential(session, asked, evidence),
      );
    }
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== 'REFERENCE_INVALID')
      throw error;
    evidence.referenceFault = error.message;
    // A password pasted into a reference must not be kept.
    evidence.reference = evidence.reference.replace(/^.*@(?=[^@]*\/)/, '…@');
  }
  return evidence;
}

type Asked = {
  reference: ImageReference;
  platform: string;
  signal: AbortSignal;
};

async function withSession(
  options: SessionOptions,
  look: (session: Session) => Promise<void>,
): Promise<void> {
  const session = openSession(options);
  try {
    await look(session);
  } finally {
    await session.close();
  }
}

async function lookAnonymously(
  session: Session,
  asked: Asked,
  evidence: AccessEvidence,
): Promise<void> {
  const { signal } = asked;
  const { repository, tag, digest } = pullReference(asked.reference);
  const platform = parsePlatform(asked.platform);
  const found = await inspectImage(
    { session, repository, platform, signal },
    digest ?? tag ?? '',
  );
  Object.assign(evidence, found);
  if (found.manifest?.status !== 404) return;
  if (found.manifest.auth === 'none' && !found.manifest.isJson) {
    const call = {
      method: 'GET',
      path: '/v2/',
      purpose: 'ping',
      scopes: [],
      signal,
    } as const;
    evidence.ping = (await attempt(session.call(call))).probe;
  }
  if (
    evidence.ping === null ||
    evidence.ping.status === 200 ||
    evidence.ping.status === 401
  ) {
    evidence.tags = await lookAtTags(session, repository, tag, signal);
  }
}

async function lookAtTags(
  session: Session,
  repository: string,
  tag: string | undefined,
  signal: AbortSignal,
): Promise<NonNullable<AccessEvidence['tags']>> {
  const { probe, answer } = await attempt(
    callTags(session, repository, undefined, signal),
  );
  if (!answer || !isSuccess(answer)) return { probe, near: [] };
  try {
    const { tags } = await readTags(session, repository, signal);
    return { probe, near: tag === undefined ? [] : nearTags(tag, tags) };
  } catch (error) {
    return { probe: toFailedProbe(error), near: [] };
  }
}

async function lookWithCredential(
  session: Session,
  asked: Asked,
  evidence: AccessEvidence,
): Promise<void> {
  const { signal } = asked;
  const { repository, tag, digest } = pullReference(asked.reference);
  const pointer = digest ?? tag ?? '';
  let seen = await attempt(
    callManifest(session, 'HEAD', repository, pointer, signal),
  );
  if (seen.answer && !isSuccess(seen.answer) && seen.answer.status !== 429) {
    seen = await attempt(
      callManifest(session, 'GET', repository, pointer, signal),
    );
  }
  const isMissing = seen.answer?.status === 404;
  const tags = isMissing
    ? await attempt(callTags(session, repository, undefined, signal))
    : null;
  evidence.credential = { manifest: seen.probe, tags: tags?.probe ?? null };
}

function isTlsRefusal(probe: Probe | null): boolean {
  return (
    probe?.failure === 'REGISTRY_TLS' &&
    probe.tlsFault !== 'not_tls' &&
    probe.tlsFault !== 'handshake'
  );
}

function isRefused(probe: Probe | null): boolean {
  if (probe === null) return false;
  return (
    probe.failure === 'REGISTRY_DENIED' ||
    probe.status === 401 ||
    probe.status === 403
  );
}
