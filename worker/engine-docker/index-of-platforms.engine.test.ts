import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { partTag } from '@/lib/build/part-tag';
import type { Job } from '@/lib/build/protocol';
import { openRegistry } from '@/lib/registry/client';
import { putIndex } from '@/lib/registry/client/put-index';
import { resolveAddresses } from '@/lib/registry/egress';
import {
  input,
  jobFor,
  realEngine,
  Recording,
} from '@/worker/testing/real-engine';

const run = promisify(execFile);
const { env, engine } = realEngine();
const never = new AbortController().signal;
const begun: Job[] = [];
afterEach(async () => {
  for (const job of begun.splice(0)) await engine.discard(job);
});

const PLATFORMS = ['linux/amd64', 'linux/arm64'] as const;
// Nothing runs in it, so that an engine of any kind makes it for any platform.
const DOCKERFILE = 'FROM scratch\nCOPY text /text\n';

/** An image without a program in it, made for a platform and pushed under the tag of a part. */
async function pushPart(platform: string, repository: string) {
  const registry = env.registries.plain;
  const job = jobFor(registry, { platform });
  const tag = partTag('1', platform);
  job.target = { ...job.target, repository, tag };
  job.imageName = `${registry.host}/${repository}:${tag}`;
  begun.push(job);
  const context = new Map([
    ['text', { bytes: Buffer.from(platform), isExecutable: false }],
  ]);
  const given = input(job, DOCKERFILE, { context });
  const { emit } = new Recording();
  const built = await engine.build(given, emit, never);
  if (!built.ok) throw new Error(built.failure.message);
  const pushed = await engine.push(given, emit, never);
  if (!pushed.ok) throw new Error(pushed.failure.message);
  return { platform, digest: pushed.digest };
}

async function connect() {
  const { url, host } = env.registries.plain;
  const { hostname, port } = new URL(url);
  const cidrs = (await resolveAddresses(hostname)).map(
    (one) => `${one}/${one.includes(':') ? 128 : 32}`,
  );
  const allowance = {
    host: hostname,
    port: Number(port),
    scheme: 'http' as const,
    cidrs,
  };
  return openRegistry({
    registry: host,
    plainHttp: true,
    policy: { allow: [allowance] },
    ca: readFileSync(env.caFile, 'utf8'),
  });
}

/** What a tool that is not ours takes for the digest and platform of the tag on a machine. */
async function resolved(image: string, architecture: string) {
  const { stdout } = await run(env.skopeo, [
    '--override-os=linux',
    `--override-arch=${architecture}`,
    'inspect',
    '--tls-verify=false',
    '--config',
    `docker://${image}`,
  ]);
  const { architecture: found } = JSON.parse(stdout) as {
    architecture: string;
  };
  return found;
}

it('images without programs, built for two platforms, are joined by an index that each machine finds its own in', async () => {
  const repository = `engine-test/${crypto.randomUUID().slice(0, 8)}`;
  const parts = [];
  for (const platform of PLATFORMS)
    parts.push(await pushPart(platform, repository));
  expect(new Set(parts.map(({ digest }) => digest)).size).toBe(2);
  const client = await connect();
  try {
    const digest = await putIndex({ client, repository, tag: '1' }, parts);
    const read = await client.getManifest(repository, '1');
    expect(read.digest).toBe(digest);
    expect(read.manifest).toMatchObject({
      kind: 'index',
      children: [
        { digest: parts[0]?.digest, platform: { architecture: 'amd64' } },
        { digest: parts[1]?.digest, platform: { architecture: 'arm64' } },
      ],
    });
    const swapped = parts.map(({ digest: own }, at) => ({
      platform: PLATFORMS[1 - at] ?? '',
      digest: own,
    }));
    await expect(
      putIndex({ client, repository, tag: '2' }, swapped),
    ).rejects.toMatchObject({ code: 'BUILD_PLATFORM_MISMATCH' });
  } finally {
    await client.close();
  }
  const image = `${env.registries.plain.host}/${repository}:1`;
  for (const architecture of ['amd64', 'arm64'])
    expect(await resolved(image, architecture)).toBe(architecture);
});
