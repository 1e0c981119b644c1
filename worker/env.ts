import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { caBundle } from '@/worker/ca-bundle';
import {
  type DockerConnection,
  dockerConnection,
} from '@/worker/docker-connection';

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

const Server = z
  .url({
    protocol: /^https?$/,
    error:
      'must be the address of Imageyard, such as https://images.example.com',
  })
  .refine(
    isSafe,
    'is plain http on another machine; secrets travel there, so it must be https://',
  )
  .transform((url) => new URL(url).origin);

function isSafe(server: string): boolean {
  const url = URL.canParse(server) ? new URL(server) : null;
  return url?.protocol !== 'http:' || LOOPBACK.test(url.hostname);
}

const Settings = z.object({
  server: Server,
  secretFile: z
    .string({ error: 'must name the file with this worker’s secret' })
    .min(1),
  name: z.string().trim().min(1).max(100),
  dir: z.string().min(1).optional(),
  buildCa: z.string().min(1).optional(),
  engine: z
    .enum(['docker', 'fake'], { error: 'must be docker' })
    .default('docker'),
  allowsTestEngine: z.enum(['0', '1']).default('0'),
});

/** What people write for each setting, for the messages. */
const NAMES: Record<keyof typeof Settings.shape, string> = {
  server: '--server',
  secretFile: '--secret-file',
  name: '--name',
  dir: 'IMAGEYARD_WORKER_DIR',
  buildCa: 'IMAGEYARD_BUILD_CA',
  engine: 'BUILD_ENGINE',
  allowsTestEngine: 'IMAGEYARD_ALLOW_TEST_ENGINE',
};

export type WorkerEnv = {
  /** The server's origin. */
  server: string;
  secret: string;
  name: string;
  /** A folder of this worker's own, 0700, for events not yet sent. */
  dir: string;
  /** Added to build steps; `null` adds nothing. */
  caBundle: Buffer | null;
  engine: { kind: 'docker'; docker: DockerConnection } | { kind: 'fake' };
};

/**
 * Reads the command line and the environment once, checked. Throws an Error whose message is all problems, one a line.
 */
export function workerEnv(
  args: string[],
  env: Record<string, string | undefined> = process.env,
): WorkerEnv {
  const { values } = parseArgs({
    args,
    options: {
      server: { type: 'string' },
      'secret-file': { type: 'string' },
      name: { type: 'string' },
    },
  });
  const result = Settings.safeParse({
    server: values.server ?? env.IMAGEYARD_SERVER,
    secretFile: values['secret-file'] ?? env.IMAGEYARD_SECRET_FILE,
    name: values.name ?? env.IMAGEYARD_WORKER_NAME ?? hostname(),
    dir: env.IMAGEYARD_WORKER_DIR || undefined,
    buildCa: env.IMAGEYARD_BUILD_CA || undefined,
    engine: env.BUILD_ENGINE || undefined,
    allowsTestEngine: env.IMAGEYARD_ALLOW_TEST_ENGINE || undefined,
  });
  if (!result.success) throw new Error(problems(result.error));
  const { server, secretFile, name, dir, buildCa, engine, allowsTestEngine } =
    result.data;
  if (engine === 'fake' && allowsTestEngine !== '1') {
    throw new Error('BUILD_ENGINE=fake is for tests and `npm run dev` only.');
  }
  return {
    server,
    secret: readSecret(secretFile),
    name,
    dir: dir ?? `${path.resolve(secretFile)}.spool`,
    caBundle: buildCa ? caBundle(buildCa) : null,
    engine:
      engine === 'fake'
        ? { kind: 'fake' }
        : { kind: 'docker', docker: dockerConnection(env) },
  };
}

function problems(error: z.ZodError): string {
  return error.issues
    .map(({ path: [key], message }) => {
      const name = Object.entries(NAMES).find(([field]) => field === key)?.[1];
      return `${name ?? String(key)} ${message}`;
    })
    .join('\n');
}

function readSecret(file: string): string {
  let secret: string;
  try {
    secret = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Error(`--secret-file: ${file} cannot be read.`, { cause: error });
  }
  if (!/^[\w-]{20,200}$/.test(secret)) {
    throw new Error(`--secret-file: ${file} holds no worker secret.`);
  }
  return secret;
}
