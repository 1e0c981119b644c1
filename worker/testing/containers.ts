import type Docker from 'dockerode';
import tar from 'tar-stream';

export type ContainerRun = {
  image: string;
  command: string[];
  user?: string;
  /** Put into the container before it starts, path → content. */
  files?: Readonly<Record<string, string>>;
  /** A file to read when the command is over. */
  reads?: string | undefined;
};

/** What a container printed, both streams in the order of the engine's log, and how it ended. */
export type ContainerResult = {
  exitCode: number;
  output: string;
  /** Of the file to read; '' without one. */
  text: string;
};

/** Runs a command in a container without a network, to its end, and removes it. The image's entrypoint stays out. */
export async function runInContainer(
  docker: Docker,
  { image, command, user, files = {}, reads }: ContainerRun,
): Promise<ContainerResult> {
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: command.slice(0, 1),
    Cmd: command.slice(1),
    ...(user === undefined ? {} : { User: user }),
    Tty: true,
    HostConfig: { NetworkMode: 'none' },
  });
  try {
    await container.putArchive(await packed(files), { path: '/' });
    await container.start();
    const { StatusCode: exitCode } = (await container.wait()) as {
      StatusCode: number;
    };
    const log = await container.logs({
      stdout: true,
      stderr: true,
      follow: true,
    });
    return {
      exitCode,
      output: (await textOf(log)).replaceAll('\r\n', '\n'),
      text: reads === undefined ? '' : await read(container, reads),
    };
  } finally {
    await container.remove({ force: true, v: true });
  }
}

async function read(container: Docker.Container, path: string) {
  const extract = tar.extract();
  (await container.getArchive({ path })).pipe(extract);
  let text = '';
  for await (const entry of extract) text += await textOf(entry);
  return text;
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function packed(files: Readonly<Record<string, string>>) {
  const pack = tar.pack();
  for (const [name, content] of Object.entries(files)) {
    pack.entry({ name: name.replace(/^\//, '') }, content);
  }
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
