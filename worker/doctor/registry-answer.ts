import type { Finding } from '@/lib/build/doctor';
import type { ExamineRequest } from '@/lib/build/engine';
import { askEach, findingsOf } from '@/worker/doctor/finding';

const ASK_MS = 15_000;
/** A repository that is nowhere: what matters is who says so. */
const NOWHERE = 'imageyard-checkup/nothing:here';

/** What the engine says of a registry, in codes. By its words, which have no codes; what is unknown proves an answer. */
const KINDS: readonly [RegExp, code: string, reason: string][] = [
  [/x509|certificate|tls: /i, 'tls', ''],
  [
    /server gave HTTP response to HTTPS client/i,
    'plain_http',
    'It speaks plain http.',
  ],
  [/no such host|server misbehaving/i, 'unreachable', 'Its name is not known.'],
  [/connection refused/i, 'unreachable', 'Nothing listens there.'],
  [
    /i\/o timeout|deadline exceeded|Client\.Timeout/i,
    'unreachable',
    'It did not answer in time.',
  ],
  [
    /no route to host|network is unreachable/i,
    'unreachable',
    'The network does not lead there.',
  ],
  [/connection reset|EOF/, 'unreachable', 'It broke the connection.'],
];

/** What a message of the engine about a registry means; `reached` for an answer of the registry itself. */
export function classifyRegistryAnswer(message: string): {
  code: string;
  reason: string;
} {
  const kind = KINDS.find(([pattern]) => pattern.test(message));
  return kind
    ? { code: kind[1], reason: kind[2] }
    : { code: 'reached', reason: '' };
}

/**
 * Whether each registry answers the engine: its certificates and proxies are not the worker's. `ask` has the engine look
 * for an image that is nowhere, and gives its words about it; `null` says it is there. Nothing is pulled.
 */
export function askThroughEngine(
  registries: ExamineRequest['registries'],
  ask: (image: string, signal: AbortSignal) => Promise<string | null>,
  signal: AbortSignal,
): Promise<Finding[]> {
  return askEach(registries, async ({ host }) => {
    const { code, reason } = await answerOf(host, ask, signal);
    const finding = findingsOf('engine_registry', host);
    const state = code === 'reached' ? 'good' : 'bad';
    return finding(state, code, reason === '' ? {} : { reason });
  });
}

async function answerOf(
  host: string,
  ask: (image: string, signal: AbortSignal) => Promise<string | null>,
  signal: AbortSignal,
) {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]);
  try {
    return classifyRegistryAnswer(
      (await ask(`${host}/${NOWHERE}`, limit)) ?? '',
    );
  } catch (error) {
    if (signal.aborted) throw error;
    return { code: 'unreachable', reason: 'It did not answer in time.' };
  }
}
