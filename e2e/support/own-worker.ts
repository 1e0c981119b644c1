import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { testEnv } from '@/e2e/support/test-env';

const CHECKOUT = path.join(import.meta.dirname, '../..');

export type OwnWorker = Awaited<ReturnType<typeof startOwnWorker>>;

/** A worker as on another machine: started by the arguments that the page shows, in a folder of its own. */
export async function startOwnWorker(args: readonly string[]) {
  const { engine, caBundleFile } = testEnv();
  const folder = await mkdtemp(path.join(tmpdir(), 'imageyard-worker-'));
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'worker/main.ts', ...args],
    {
      cwd: CHECKOUT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        IMAGEYARD_WORKER_DIR: path.join(folder, 'home'),
        DOCKER_HOST: engine.host,
        NODE_EXTRA_CA_CERTS: caBundleFile,
        IMAGEYARD_BUILD_CA: caBundleFile,
      },
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<number | null>((resolve) =>
    child.on('exit', (code) => resolve(code)),
  );
  return {
    output: () => output,
    /** Its exit code, once it has ended by itself. */
    ended,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
