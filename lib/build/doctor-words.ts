import type { Finding } from '@/lib/build/doctor';

/** A finding for people: what is so, and how to mend it. `commands` is text to copy. */
export type FindingWords = {
  title: string;
  explanation: string;
  commands: string | null;
};

type Facts = Finding['facts'];
type Words = { title: string; explanation?: string; commands?: string };

const GIB = 1024 ** 3;
const gib = (bytes: unknown) =>
  typeof bytes === 'number' ? `${(bytes / GIB).toFixed(1)} GiB` : 'unknown';

const RAISE_LOG_LIMIT = `sudo mkdir -p /etc/systemd/system/docker.service.d
sudo tee /etc/systemd/system/docker.service.d/imageyard.conf <<'END'
[Service]
Environment=BUILDKIT_STEP_LOG_MAX_SIZE=1073741824
Environment=BUILDKIT_STEP_LOG_MAX_SPEED=1073741824
END
sudo systemctl daemon-reload && sudo systemctl restart docker`;

const trustOf = (host: string) => `sudo mkdir -p /etc/docker/certs.d/${host}
sudo cp ca.crt /etc/docker/certs.d/${host}/ca.crt`;

const seconds = (facts: Facts) =>
  `${Math.round(Math.abs(Number(facts.skewMs)) / 1000)} s`;

type Entry = (facts: Facts, subject: string) => Words;

/** By check and code. */
const WORDS: Record<string, Entry> = {
  'engine.ready': ({ version }) => ({
    title: `${String(version)} answers`,
  }),
  'engine.unreachable': ({ reason }) => ({
    title: 'No container engine can be used',
    explanation: String(reason),
  }),
  'log_limit.raised': () => ({
    title: 'The engine passes on everything a step prints',
  }),
  'log_limit.clipped': ({ limit }) => ({
    title: 'The engine cuts what a step prints',
    explanation: `A step that prints more than the engine's limit (${String(limit)}) loses the rest, often the very error. Lines that are missing are marked in the log. Raise both limits to a large number, not to -1, and restart the engine:`,
    commands: RAISE_LOG_LIMIT,
  }),
  'log_limit.stuck': () => ({
    title: 'The engine stops telling after a burst',
    explanation:
      'Docker 20.10 with raised limits stops passing on what a step prints once it printed more than 1 MiB at once. Update Docker.',
  }),
  'log_limit.untried': ({ reason }) => ({
    title: 'Whether the engine cuts logs could not be tried',
    explanation: String(reason),
  }),
  'disk.free': ({ freeBytes, cacheBytes }) => ({
    title: `${gib(freeBytes)} free for the engine`,
    explanation: `Its build cache holds ${gib(cacheBytes)}.`,
  }),
  'disk.low': ({ freeBytes, cacheBytes }) => ({
    title: `Only ${gib(freeBytes)} free for the engine`,
    explanation: `A build that fills the disk fails, and others with it. The build cache holds ${gib(cacheBytes)}; what is not used can go:`,
    commands: 'docker builder prune --filter unused-for=168h',
  }),
  'disk.elsewhere': ({ cacheBytes }) => ({
    title: 'The engine’s disk is not this machine’s',
    explanation: `How much is free there cannot be seen. Its build cache holds ${gib(cacheBytes)}.`,
  }),
  'clock.right': () => ({ title: 'The clock agrees with the server’s' }),
  'clock.wrong': (facts) => ({
    title: `The clock is ${seconds(facts)} ${Number(facts.skewMs) > 0 ? 'ahead' : 'behind'}`,
    explanation:
      'Times of steps and lines are this machine’s, and certificates and logins are judged by it. Let it follow a time server:',
    commands: 'sudo timedatectl set-ntp true',
  }),
  'platform.native': (_facts, subject) => ({
    title: `Runs ${subject} itself`,
  }),
  'platform.emulated': (_facts, subject) => ({
    title: `Runs ${subject} by emulation`,
    explanation:
      'Builds for it work, and take many times as long. They go to a worker that runs it itself while one is free.',
  }),
  'platform.missing': (_facts, subject) => ({
    title: `Cannot run ${subject}`,
    explanation:
      'Builds for it go to a worker that can. To have this one emulate it:',
    commands: 'docker run --privileged --rm tonistiigi/binfmt --install all',
  }),
  'registry.reached': (_facts, subject) => ({
    title: `${subject} answers this worker`,
  }),
  'registry.tls': ({ fault }, subject) => ({
    title: `The certificate of ${subject} is not trusted by this worker`,
    explanation: `${TLS[String(fault)] ?? TLS.untrusted} The worker reads an image back after its push; start it with the authority's certificate:`,
    commands: 'NODE_EXTRA_CA_CERTS=/path/to/ca.crt npm run worker',
  }),
  'registry.unreachable': ({ reason }, subject) => ({
    title: `${subject} does not answer this worker`,
    explanation: `${String(reason)} Check the name, the network, and a proxy or firewall on the way.`,
  }),
  'engine_registry.reached': (_facts, subject) => ({
    title: `${subject} answers the engine`,
  }),
  'engine_registry.tls': (_facts, subject) => ({
    title: `The engine does not trust the certificate of ${subject}`,
    explanation:
      'Pushes and pulls will fail. Give the engine the authority’s certificate; it needs no restart:',
    commands: trustOf(subject),
  }),
  'engine_registry.unreachable': ({ reason }, subject) => ({
    title: `${subject} does not answer the engine`,
    explanation: `${String(reason)} An engine behind a proxy needs it in its own settings, not in the worker's.`,
  }),
  'engine_registry.plain_http': (_facts, subject) => ({
    title: `The engine expects https from ${subject}`,
    explanation:
      'The registry speaks plain http. Put TLS in front of it, or name it to the engine and restart it:',
    commands: `# in /etc/docker/daemon.json\n{ "insecure-registries": ["${subject}"] }`,
  }),
};

const TLS: Record<string, string> = {
  untrusted: 'It is not signed by an authority known here.',
  expired: 'It is not valid at this time.',
  wrong_name: 'It belongs to another name.',
  not_tls: 'The port does not speak TLS.',
  handshake: 'TLS could not be set up.',
};

/** A finding in words. What an older server does not know is named by its code. */
export function findingWords({
  check,
  code,
  facts,
  subject,
}: Finding): FindingWords {
  const words = WORDS[`${check}.${code}`]?.(facts, subject) ?? {
    title: [subject, code.replaceAll('_', ' ')].filter(Boolean).join(': '),
  };
  return {
    title: words.title,
    explanation: words.explanation ?? '',
    commands: words.commands ?? null,
  };
}

/** Every check and code there are words for. */
export const FINDING_CODES = Object.keys(WORDS);
