import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { testEnv } from '@/e2e/support/test-env';

const run = promisify(execFile);

/** The engine of this run. */
export function openEngine(): Docker {
  const { host } = testEnv().engine;
  return new Docker({ socketPath: host.replace(/^unix:\/\//, '') });
}

/** Runs a command in a container of the image, as the image's own user, and gives what it printed. Cleans up. */
export async function runInImage(
  image: string,
  command: string[],
  binds: string[],
): Promise<string> {
  const docker = openEngine();
  await new Promise<void>((resolve, reject) => {
    docker.pull(
      image,
      {},
      (error: Error | null, stream?: NodeJS.ReadableStream) => {
        if (error || !stream)
          return reject(error ?? new Error('The pull gave no stream.'));
        docker.modem.followProgress(stream, (failure) =>
          failure ? reject(failure) : resolve(),
        );
      },
    );
  });
  const container = await docker.createContainer({
    Image: image,
    Cmd: command,
    Tty: true,
    HostConfig: { Binds: binds, NetworkMode: 'none' },
  });
  try {
    await container.start();
    await container.wait();
    return (await container.logs({ stdout: true, stderr: true })).toString(
      'utf8',
    );
  } finally {
    await container.remove({ force: true });
    await docker.getImage(image).remove({ force: true });
  }
}

/** An image as the engine stores it: config and history as text. */
export async function inspectImage(image: string): Promise<string> {
  const docker = openEngine();
  const handle = docker.getImage(image);
  return JSON.stringify([await handle.inspect(), await handle.history()]);
}

/** Runs skopeo with this run's certificates and login. */
export async function skopeo(...args: string[]): Promise<string> {
  const env = testEnv();
  const { stdout } = await run(env.skopeo, args, {
    env: {
      ...process.env,
      SSL_CERT_FILE: env.caBundleFile,
      REGISTRY_AUTH_FILE: env.registries.password.authFile,
    },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}
