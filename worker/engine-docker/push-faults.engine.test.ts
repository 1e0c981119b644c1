import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '@/lib/build/protocol';
import { dockerConnection } from '@/worker/docker-connection';
import { dockerEngine } from '@/worker/engine-docker/engine';
import { runAttempt } from '@/worker/runner';
import { FakeServer } from '@/worker/testing/fake-server';
import {
  FaultyRegistry,
  type RegistryFault,
} from '@/worker/testing/faulty-registry';
import { input, jobFor, realEngine } from '@/worker/testing/real-engine';
import { testTools } from '@/worker/testing/tools';

const { env, base } = realEngine();
const { plain } = env.registries;
const never = new AbortController().signal;
const IDLE_MS = 4_000;
const { options, address } = dockerConnection({ DOCKER_HOST: env.engine.host });
const engine = dockerEngine({
  connection: options,
  address,
  addsCaCertificates: false,
  pushIdleMs: IDLE_MS,
});

let server: FakeServer;
let registry: FaultyRegistry;
let dir: string;

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'imageyard-worker-'));
  server = new FakeServer();
  await server.listen();
  registry = new FaultyRegistry(plain.url);
  await registry.listen();
});

afterEach(async () => {
  await registry.close();
  await server.close();
  rmSync(dir, { recursive: true });
});

/** One attempt with a layer of its own, pushed to the registry that fails. */
async function attempt(fault: FaultyRegistry['fault']): Promise<Job> {
  registry.fault = fault;
  const job = jobFor({ ...plain, host: registry.host });
  server.begin(job);
  const tools = testTools(server, dir, {
    engine,
    render: () => input(job, `FROM ${base}\nRUN echo ${randomUUID()} > /own\n`),
  });
  await runAttempt(job, tools, never);
  return job;
}

/** The digest behind the job's tag in the real registry, `null` when there is none. */
async function published({ target }: Job): Promise<string | null> {
  const answer = await fetch(
    `${plain.url}/v2/${target.repository}/manifests/${target.tag}`,
    {
      method: 'HEAD',
      headers: {
        accept: 'application/vnd.docker.distribution.manifest.v2+json',
      },
    },
  );
  return answer.ok ? answer.headers.get('docker-content-digest') : null;
}

const upload = (method: string, place: string) =>
  (method === 'PATCH' || method === 'PUT') && place.includes('/blobs/uploads/');
const manifest = (method: string, place: string) =>
  method === 'PUT' && place.includes('/manifests/');

describe('a registry that fails while an image is pushed', () => {
  it.each<[string, RegistryFault, typeof upload, string, RegExp]>([
    [
      'falls silent in the middle of a layer',
      'hang',
      upload,
      'BUILD_PUSH_FAILED',
      /did not answer in time/,
    ],
    [
      'falls silent before the manifest',
      'hang',
      manifest,
      'BUILD_PUSH_FAILED',
      /did not answer in time/,
    ],
    [
      'refuses the manifest',
      { status: 403, code: 'DENIED' },
      manifest,
      'BUILD_PUSH_DENIED',
      /may not push here/,
    ],
    [
      'holds the tag fast',
      { status: 400, code: 'TAG_INVALID', message: 'The tag is immutable' },
      manifest,
      'BUILD_PUSH_DENIED',
      /holds this tag already/,
    ],
    [
      'breaks down at the manifest',
      { status: 503, code: 'UNAVAILABLE' },
      manifest,
      'BUILD_PUSH_FAILED',
      /503/,
    ],
  ])(
    'when it %s, the build fails, says why, and nothing is published',
    async (_name, fault, when, code, message) => {
      const job = await attempt((method, place) =>
        when(method, place) ? fault : null,
      );
      expect(server.finish(job)?.result).toEqual({
        outcome: 'failed',
        failure: {
          code,
          message: expect.stringMatching(message) as string,
          step: 'push',
          exitCode: null,
        },
      });
      expect(await published(job)).toBeNull();
      expect(server.isIntact(job)).toBe(true);
    },
  );

  it('when it breaks off a layer once, the image is pushed whole all the same', async () => {
    let cuts = 0;
    const job = await attempt((method, place) =>
      upload(method, place) && cuts++ === 0 ? 'cut' : null,
    );
    const result = server.finish(job)?.result;
    expect(cuts).toBeGreaterThan(1);
    expect(result).toMatchObject({ outcome: 'pushed', readBack: true });
    expect(result).toMatchObject({ digest: await published(job) });
  });

  it('when the answer to the manifest is lost, the end is true: pushed, or failed without a digest', async () => {
    let losses = 0;
    const job = await attempt((method, place) =>
      manifest(method, place) && losses++ === 0 ? 'lose' : null,
    );
    const result = server.finish(job)?.result;
    const digest = await published(job);
    expect(digest).not.toBeNull();
    if (result?.outcome === 'pushed') expect(result.digest).toBe(digest);
    else
      expect(result).toMatchObject({ failure: { code: 'BUILD_PUSH_FAILED' } });
  });
});
