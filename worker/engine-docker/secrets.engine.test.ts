import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { BuildInput } from '@/lib/build/engine';
import type { Job } from '@/lib/build/protocol';
import {
  CA_BUNDLE_FILE,
  CA_EXPORTS,
  CA_FILES,
  CA_MOUNT_FLAG,
} from '@/lib/imagespec/ca-certificates';
import { caBundle } from '@/worker/ca-bundle';
import {
  Recording,
  input,
  jobFor,
  pulled,
  realEngine,
} from '@/worker/testing/real-engine';

const { env, docker, engine, base } = realEngine();
const { plain, tls } = env.registries;
const never = new AbortController().signal;
const begun: Job[] = [];

afterEach(async () => {
  for (const job of begun.splice(0)) await engine.discard(job);
});

async function pushed(dockerfile: string, more: Partial<BuildInput> = {}) {
  const job = jobFor(plain, { noCache: true });
  begun.push(job);
  const recording = new Recording();
  const all = input(job, dockerfile, more);
  const built = await engine.build(all, recording.emit, never);
  if (!built.ok)
    throw new Error(
      `${built.failure.message} ${recording.output('stderr')} ${recording.output('stdout')}`,
    );
  const outcome = await engine.push(all, () => {}, never);
  if (!outcome.ok) throw new Error(outcome.failure.message);
  const image = await pulled(plain, job.target.repository, '1');
  const history: unknown = await docker
    .getImage(`imageyard-build:${job.buildId}-1`)
    .history();
  return { image, recording, history: JSON.stringify(history) };
}

function contextOf(files: Record<string, string | Buffer>) {
  return new Map(
    Object.entries(files).map(([name, content]) => [
      name,
      { bytes: Buffer.from(content), isExecutable: false },
    ]),
  );
}

type Pushed = Awaited<ReturnType<typeof pushed>>;
const whole = ({ image, history }: Pushed) =>
  [
    image.config,
    history,
    ...image.layers.map(({ bytes }) => bytes.toString('latin1')),
  ].join('\n');

/** The layers on top of the base. */
const own = ({ image }: Pushed) => image.layers.slice(1);

describe('what a step was given to use', () => {
  it('is not in the image: a secret', async () => {
    const canary = randomBytes(24).toString('hex');
    const planted = randomBytes(24).toString('hex');
    const result = await pushed(
      `FROM ${base}
RUN --mount=type=secret,id=token,required test "$(cat /run/secrets/token)" = "$(cat /run/secrets/token)" && wc -c < /run/secrets/token
RUN echo ${planted} > /made
`,
      { secrets: new Map([['token', Buffer.from(canary)]]) },
    );
    expect(result.recording.output('stdout')).toBe('48\n');
    expect(whole(result).split(planted).length).toBeGreaterThan(2);
    expect(whole(result)).not.toContain(canary);
    expect(whole(result)).not.toContain(Buffer.from(canary).toString('base64'));
  });

  it('is not in the image: the certificates, which make https work in its steps', async () => {
    const ask = `python3 -c "import urllib.request as u; print(u.urlopen('${tls.url}/v2/').status)"`;
    const context = contextOf({
      ...CA_FILES,
      [CA_BUNDLE_FILE]: caBundle(env.caFile),
    });
    const result = await pushed(
      `FROM ${base}
RUN (${ask} || true) 2>&1 | tail -1
RUN ${CA_MOUNT_FLAG} ${CA_EXPORTS} ${ask} && apt-config dump | grep -c imageyard-ca && echo x > /root/made
RUN env > /root/env
`,
      { context },
    );
    expect(result.recording.output('stdout')).toMatch(
      /CERTIFICATE_VERIFY_FAILED.*\n200\n1\n$/s,
    );
    const [, secondLine = ''] = readFileSync(env.caFile, 'utf8').split('\n');
    expect(secondLine.length).toBeGreaterThan(40);
    expect(caBundle(env.caFile).includes(secondLine)).toBe(true);
    expect(whole(result)).not.toContain(secondLine);
    const { config } = JSON.parse(result.image.config) as { config: unknown };
    expect(JSON.stringify(config)).not.toContain('imageyard-ca');
    for (const { names, bytes } of own(result)) {
      expect(names.filter((name) => /imageyard|^dev\/./.test(name))).toEqual(
        [],
      );
      expect(bytes.includes('imageyard-ca')).toBe(false);
    }
    const names = own(result).flatMap((layer) => layer.names);
    expect(names).toContain('root/made');
    expect(names.filter((name) => !name.endsWith('/')).sort()).toEqual([
      'root/env',
      'root/made',
    ]);
  });

  it('is not in the image: what it mounts into its working folder', async () => {
    const result = await pushed(
      `FROM ${base}
WORKDIR /
RUN --mount=type=bind,source=requirements_uv.txt,target=requirements_uv.txt wc -l < requirements_uv.txt && echo x > /root/made
`,
      { context: contextOf({ 'requirements_uv.txt': 'a\nb\n' }) },
    );
    expect(result.recording.output('stdout')).toBe('2\n');
    const files = own(result)
      .flatMap(({ names }) => names)
      .filter((name) => !name.endsWith('/'));
    expect(files).toEqual(['root/made']);
  });
});
