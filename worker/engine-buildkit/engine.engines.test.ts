import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { imageIn, testEnv } from '@/e2e/support/test-env';
import { buildKitConnection } from '@/worker/buildkit-connection';
import { buildKitEngine } from '@/worker/engine-buildkit/engine';
import { readBack } from '@/worker/read-back';
import { input, jobFor, pulled, Recording } from '@/worker/testing/real-engine';

const env = testEnv();
const never = new AbortController().signal;
const daemon = env.engines?.buildkit;
const base = imageIn(env.registries.plain, env.images.base);

describe.skipIf(!daemon || 'missing' in daemon)('a BuildKit daemon', () => {
  const { host, tcp, certFolder } = daemon as {
    host: string;
    tcp: string;
    certFolder: string;
  };
  const engineAt = (address: string, certificates?: string) =>
    buildKitEngine({
      connection: buildKitConnection({
        BUILDKIT_HOST: address,
        BUILDKIT_CERT_PATH: certificates,
      }),
      addsCaCertificates: false,
    });
  const engine = engineAt(host);

  it.each(['plain', 'tls', 'password'] as const)(
    'pushes to the %s registry the image that it built, also one built without the cache',
    async (name) => {
      const registry = env.registries[name];
      const dockerfile = `FROM ${base}\nRUN head -c 1000 /dev/urandom > /made\nENV NAME=${name}\n`;
      // An older image of the same steps, which the push must not take.
      const before = jobFor(registry);
      await engine.build(input(before, dockerfile), () => {}, never);
      const job = jobFor(registry, { noCache: true });
      const built = await engine.build(input(job, dockerfile), () => {}, never);
      const recording = new Recording();
      const pushed = await engine.push(
        input(job, dockerfile),
        recording.emit,
        never,
      );
      if (!built.ok || !pushed.ok) throw new Error('it was not pushed');
      const { imageId } = built;
      const { digest } = pushed;
      const trusting = {
        ...job,
        target: {
          ...job.target,
          caCertificates: readFileSync(env.caFile, 'utf8'),
        },
      };
      expect(await readBack(trusting, { digest, imageId }, never)).toBe(
        'confirmed',
      );
      const image = await pulled(registry, job.target.repository, '1');
      expect(image.digest).toBe(digest);
      // The steps of the build are not told once more.
      expect(recording.steps).toMatchObject([{ key: 'push', state: 'done' }]);
    },
  );

  it('does not pass an image off as one for another platform', async () => {
    const job = jobFor(env.registries.plain, { platform: 'linux/arm64' });
    const outcome = await engine.build(
      input(job, `FROM ${base}\nCOPY made /made\n`, {
        context: new Map([
          ['made', { bytes: Buffer.from('made'), isExecutable: false }],
        ]),
      }),
      () => {},
      never,
    );
    expect(outcome).toMatchObject({
      ok: false,
      failure: { code: 'BUILD_PLATFORM_MISMATCH' },
    });
  });

  it('keeps neither a secret nor what a build printed', async () => {
    const [secret, made] = [randomUUID(), randomUUID()];
    const job = jobFor(env.registries.plain);
    const recording = new Recording();
    await engine.build(
      input(
        job,
        `FROM ${base}\nCOPY made /made\nRUN --mount=type=secret,id=s cat /run/secrets/s\n`,
        {
          secrets: new Map([['s', Buffer.from(secret)]]),
          context: new Map([
            ['made', { bytes: Buffer.from(made), isExecutable: false }],
          ]),
        },
      ),
      recording.emit,
      never,
    );
    expect(recording.output('stdout')).toContain(secret);
    const data = path.join(env.folder, 'buildkit-data');
    expect(filesWith(made, data)).not.toEqual([]);
    expect(filesWith(secret, data)).toEqual([]);
  });

  it('is refused the push without a login, and says so', async () => {
    const { host: at, url, storageFolder } = env.registries.password;
    const job = jobFor({ host: at, url, storageFolder });
    const dockerfile = `FROM ${base}\n`;
    await engine.build(input(job, dockerfile), () => {}, never);
    const pushed = await engine.push(input(job, dockerfile), () => {}, never);
    expect(pushed).toMatchObject({
      ok: false,
      failure: { code: 'BUILD_PUSH_DENIED' },
    });
  });

  it('finds what this daemon is', async () => {
    const { plain, tls } = env.registries;
    const findings = await engine.examine(
      {
        registries: [
          { host: plain.host, plainHttp: true },
          { host: tls.host, plainHttp: false },
          { host: '127.0.0.1:9', plainHttp: false },
        ],
        platforms: ['linux/arm64'],
      },
      never,
    );
    const found = (check: string) =>
      findings
        .filter((finding) => finding.check === check)
        .map(({ subject, code }) => `${subject} ${code}`.trim())
        .sort();
    expect(found('engine')).toEqual(['ready']);
    expect(found('log_limit')).toEqual(['raised']);
    expect(found('disk')).toEqual(['elsewhere']);
    expect(found('platform')[0]).toMatch(/^linux\/amd64 native|^linux\/arm64/);
    expect(found('engine_registry')).toEqual(
      [
        `${plain.host} reached`,
        `${tls.host} reached`,
        '127.0.0.1:9 unreachable',
      ].sort(),
    );
  });

  it('says in plain words why it is out of reach', async () => {
    const reason = async (address: string, certificates?: string) => {
      const report = await engineAt(address, certificates).probe();
      return report.state === 'unreachable' ? report.reason : report.state;
    };
    expect(await reason('unix:///nowhere.sock')).toBe(
      'unix:///nowhere.sock: There is no socket of a container engine.',
    );
    expect(await reason('tcp://127.0.0.1:9')).toBe(
      'tcp://127.0.0.1:9: No container engine listens there.',
    );
    // Without the certificate of a client it is not let in.
    expect(await reason(tcp)).toMatch(/^tcp:\S+ The container engine broke/);
    expect(await reason(tcp, certFolder)).toBe('ready');
  });
});

/** The files under a folder that hold a text. */
function filesWith(text: string, folder: string): string[] {
  const { stdout } = spawnSync('grep', ['-rlaF', text, folder], {
    encoding: 'utf8',
  });
  return stdout.split('\n').filter(Boolean);
}
