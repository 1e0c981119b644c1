import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import https from 'node:https';
import http from 'node:http';
import { gunzipSync } from 'node:zlib';
import Docker from 'dockerode';
import tar from 'tar-stream';
import { z } from 'zod';
import { imageIn, type TestRegistry, testEnv } from '@/e2e/support/test-env';
import type { BuildInput, EngineEvent, EngineStep } from '@/lib/build/engine';
import type { Job } from '@/lib/build/protocol';
import { dockerConnection } from '@/worker/docker-connection';
import { dockerEngine } from '@/worker/engine-docker/engine';
import { testJob } from '@/worker/testing/test-job';

/** The engine of this test run, and what the tests ask of it. */
export function realEngine() {
  const env = testEnv();
  const { options, address } = dockerConnection({
    DOCKER_HOST: env.engine.host,
  });
  return {
    env,
    docker: new Docker(options),
    engine: dockerEngine({
      connection: options,
      address,
      addsCaCertificates: false,
    }),
    base: imageIn(env.registries.plain, env.images.base),
  };
}

/** A job that pushes to one of the test registries, under a repository of its own. */
export function jobFor(
  registry: TestRegistry & { username?: string; password?: string },
  changes: Partial<Job> = {},
): Job {
  const repository = `engine-test/${randomUUID().slice(0, 8)}`;
  const { host, username, password } = registry;
  return testJob([], {
    target: {
      host,
      repository,
      tag: '1',
      plainHttp: registry.url.startsWith('http:'),
    },
    imageName: `${host}/${repository}:1`,
    credentials: username && password ? [{ host, username, password }] : [],
    ...changes,
  });
}

export function input(
  job: Job,
  dockerfile: string,
  more: Partial<BuildInput> = {},
): BuildInput {
  return { job, dockerfile, context: new Map(), ...more };
}

/** Collects what an engine says. */
export class Recording {
  readonly events: EngineEvent[] = [];
  readonly emit = (event: EngineEvent) => void this.events.push(event);

  /** Each step as it was last. */
  get steps(): EngineStep[] {
    const steps = new Map<string, EngineStep>();
    for (const event of this.events) {
      if (event.kind === 'step') steps.set(event.step.key, event.step);
    }
    return [...steps.values()];
  }

  step(name: string): EngineStep | undefined {
    return this.steps.find((step) => step.name.includes(name));
  }

  output(stream: 'stdout' | 'stderr'): string {
    const bytes = this.events.flatMap((event) =>
      event.kind === 'output' && event.stream === stream ? [event.bytes] : [],
    );
    return Buffer.concat(bytes).toString('utf8');
  }
}

/** The command lines of this machine's processes that hold a text. */
export function processesWith(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return line.includes(text) ? [line.replaceAll('\0', ' ')] : [];
      } catch {
        return [];
      }
    });
}

/** The local image names that hold a text, each with its image's id. Others may use the engine meanwhile. */
export async function localNames(
  docker: Docker,
  text: string,
): Promise<string[]> {
  const images = await docker.listImages({ all: true });
  return images
    .flatMap(({ Id, RepoTags }) =>
      (RepoTags ?? []).map((tag) => `${tag} ${Id}`),
    )
    .filter((line) => line.includes(text))
    .sort();
}

/** Whether the engine holds an image, under whatever name or none. */
export function holds(docker: Docker, imageId: string): Promise<boolean> {
  return docker
    .getImage(imageId)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}

const Manifest = z.object({
  config: z.object({ digest: z.string() }),
  layers: z.array(z.object({ digest: z.string() })),
});

/** An image as the registry holds it. */
export async function pulled(
  registry: TestRegistry & { username?: string; password?: string },
  repository: string,
  reference: string,
) {
  const path = `/v2/${repository}`;
  const answer = await get(registry, `${path}/manifests/${reference}`);
  const manifest = Manifest.parse(JSON.parse(answer.body.toString()));
  const blob = async (digest: string) =>
    (await get(registry, `${path}/blobs/${digest}`)).body;
  return {
    digest: String(answer.headers['docker-content-digest']),
    config: (await blob(manifest.config.digest)).toString(),
    layers: await Promise.all(
      manifest.layers.map(async ({ digest }) => readLayer(await blob(digest))),
    ),
  };
}

async function readLayer(blob: Buffer) {
  const bytes = gunzipSync(blob);
  const names: string[] = [];
  const extract = tar.extract();
  extract.end(bytes);
  for await (const entry of extract) {
    names.push(entry.header.name);
    entry.resume();
  }
  return { bytes, names };
}

function get(
  registry: TestRegistry & { username?: string; password?: string },
  path: string,
): Promise<{ headers: http.IncomingHttpHeaders; body: Buffer }> {
  const isTls = registry.url.startsWith('https:');
  const options = {
    headers: {
      accept: [
        'application/vnd.docker.distribution.manifest.v2+json',
        'application/vnd.oci.image.manifest.v1+json',
      ].join(', '),
    },
    ...(registry.username
      ? { auth: `${registry.username}:${registry.password ?? ''}` }
      : {}),
    ...(isTls ? { ca: readFileSync(testEnv().caFile) } : {}),
  };
  return new Promise((resolve, reject) => {
    const url = new URL(path, registry.url);
    const request = (isTls ? https : http).get(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks);
        if (response.statusCode === 200) {
          resolve({ headers: response.headers, body });
        } else {
          reject(new Error(`${response.statusCode} for ${path}`));
        }
      });
    });
    request.on('error', reject);
  });
}
