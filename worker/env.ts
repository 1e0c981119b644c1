import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import {
  type BuildKitConnection,
  buildKitConnection,
} from '@/worker/buildkit-connection';
import { caBundle } from '@/worker/ca-bundle';
import {
  type DockerConnection,
  dockerConnection,
} from '@/worker/docker-connection';
import {
  WANTED_ENGINES,
  type WantedEngine,
} from '@/worker/engine-docker/probe';
import { reachOf } from '@/lib/build/connect-worker';
import { readIdentity } from '@/worker/identity';

const NEED_SERVER =
  'must be the address of Imageyard, such as https://images.example.com';
const NEED_CODE = 'must be a code from Workers → Connect a worker';

const Server = z
  .url({ protocol: /^https?$/, error: NEED_SERVER })
  .refine(
    (server) => reachOf(server) !== 'nowhere',
    'is plain http on another machine; secrets travel there, so it must be https://',
  )
  .transform((url) => new URL(url).origin);

const ENGINES = [...WANTED_ENGINES, 'buildkit', 'fake'] as const;

const Settings = z.object({
  server: Server.optional(),
  secretFile: z.string().min(1).optional(),
  code: z.string().trim().min(1).max(100).optional(),
  dir: z.string().min(1).optional(),
  buildCa: z.string().min(1).optional(),
  engine: z
    .enum(ENGINES, {
      error: `must be one of ${ENGINES.slice(0, -1).join(', ')}`,
    })
    .default('auto'),
  allowsTestEngine: z.enum(['0', '1']).default('0'),
});

/** What people write for each setting, for the messages. */
const NAMES: Record<keyof typeof Settings.shape, string> = {
  server: '--server',
  secretFile: '--secret-file',
  code: '--code',
  dir: 'IMAGEYARD_WORKER_DIR',
  buildCa: 'IMAGEYARD_BUILD_CA',
  engine: 'BUILD_ENGINE',
  allowsTestEngine: 'IMAGEYARD_ALLOW_TEST_ENGINE',
};

export type WorkerEnv = {
  /** The server's origin. */
  server: string;
  /** The secret it has, or the code that makes it one. */
  identity: { secret: string; isOfFolder: boolean } | { code: string };
  /** A folder of this worker's own, 0700, for who it is and events not yet sent. */
  dir: string;
  /** Added to build steps; `null` adds nothing. */
  caBundle: Buffer | null;
  engine:
    | { kind: 'api'; wanted: WantedEngine; connection: DockerConnection }
    | { kind: 'buildkit'; daemon: BuildKitConnection }
    | { kind: 'fake' };
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
      code: { type: 'string' },
    },
  });
  const result = Settings.safeParse({
    server: values.server ?? (env.IMAGEYARD_SERVER || undefined),
    secretFile:
      values['secret-file'] ?? (env.IMAGEYARD_SECRET_FILE || undefined),
    code: values.code ?? (env.IMAGEYARD_WORKER_CODE || undefined),
    dir: env.IMAGEYARD_WORKER_DIR || undefined,
    buildCa: env.IMAGEYARD_BUILD_CA || undefined,
    engine: env.BUILD_ENGINE || undefined,
    allowsTestEngine: env.IMAGEYARD_ALLOW_TEST_ENGINE || undefined,
  });
  if (!result.success) throw new Error(problems(result.error));
  const { buildCa, engine, allowsTestEngine } = result.data;
  if (engine === 'fake' && allowsTestEngine !== '1') {
    throw new Error('BUILD_ENGINE=fake is for tests and `npm run dev` only.');
  }
  return {
    ...identityOf(result.data, env),
    caBundle: buildCa ? caBundle(buildCa) : null,
    engine: engineOf(engine, env),
  };
}

function engineOf(
  kind: Given['engine'],
  env: Record<string, string | undefined>,
): WorkerEnv['engine'] {
  if (kind === 'fake') return { kind };
  return kind === 'buildkit'
    ? { kind, daemon: buildKitConnection(env) }
    : { kind: 'api', wanted: kind, connection: dockerConnection(env, kind) };
}

function problems(error: z.ZodError): string {
  return error.issues
    .map(({ path: [key], message }) => {
      const name = Object.entries(NAMES).find(([field]) => field === key)?.[1];
      return `${name ?? String(key)} ${message}`;
    })
    .join('\n');
}

type Given = z.infer<typeof Settings>;

/** Who this worker is: by a secret file, by what its folder keeps of an earlier start, or by a code. */
function identityOf(
  { server, secretFile, code, dir }: Given,
  env: Record<string, string | undefined>,
): Pick<WorkerEnv, 'server' | 'identity' | 'dir'> {
  const needServer = `--server ${NEED_SERVER}`;
  if (secretFile !== undefined) {
    if (server === undefined) throw new Error(needServer);
    return {
      server,
      identity: { secret: readSecret(secretFile), isOfFolder: false },
      dir: dir ?? `${path.resolve(secretFile)}.spool`,
    };
  }
  const home = dir ?? usualFolder(env);
  const kept = readIdentity(home);
  if (kept && server !== undefined && kept.server !== server)
    throw new Error(
      `--server: this worker belongs to ${kept.server}, as ${home} says. Give another worker a folder of its own with IMAGEYARD_WORKER_DIR.`,
    );
  // The code of the first start is still in the command of a container that starts again.
  if (kept && kept.name !== null)
    return {
      server: kept.server,
      identity: { secret: kept.secret, isOfFolder: true },
      dir: home,
    };
  const missing = [
    ...(server === undefined ? [needServer] : []),
    ...(code === undefined ? [`--code ${NEED_CODE}`] : []),
  ];
  if (server === undefined || code === undefined)
    throw new Error(missing.join('\n'));
  return { server, identity: { code }, dir: home };
}

function usualFolder(env: Record<string, string | undefined>): string {
  const data = env.XDG_DATA_HOME || path.join(homedir(), '.local/share');
  return path.join(data, 'imageyard-worker');
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
