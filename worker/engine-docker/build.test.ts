import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Docker from 'dockerode';
import { afterEach, describe, expect, it } from 'vitest';
import { filesOnly } from '@/worker/buildkit/answers';
import { buildImage } from '@/worker/engine-docker/build';

const never = new AbortController().signal;
const ID = `sha256:${'a'.repeat(64)}`;
const image = { id: 'moby.image.id', aux: { ID } };
const nothing = { id: 'moby.buildkit.trace', aux: '' };
const open: http.Server[] = [];

afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** An engine that opens sessions and answers a build as told. */
async function engine(
  answer: (response: http.ServerResponse) => void,
): Promise<{ docker: Docker; urls: URL[]; sessions: { isOpen: boolean }[] }> {
  const urls: URL[] = [];
  const sessions: { isOpen: boolean }[] = [];
  const server = http.createServer((request, response) => {
    urls.push(new URL(request.url ?? '', 'http://engine'));
    request.resume();
    request.on('end', () => answer(response));
  });
  server.on('upgrade', (_request, socket) => {
    const session = { isOpen: true };
    sessions.push(session);
    socket.on('end', () => (session.isOpen = false));
    socket.on('error', () => (session.isOpen = false));
    socket.resume();
    socket.write(
      'HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
    );
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    docker: new Docker({ protocol: 'http', host: '127.0.0.1', port }),
    urls,
    sessions,
  };
}

const lines = (all: object[]) => (response: http.ServerResponse) => {
  for (const line of all) response.write(`${JSON.stringify(line)}\r\n`);
  response.end();
};

function build(docker: Docker, signal = never) {
  const heard = { traces: 0, stuck: 0 };
  const answer = buildImage(
    docker,
    {
      name: 'imageyard-build:x-1',
      platform: 'linux/amd64',
      noCache: true,
      answers: filesOnly('FROM scratch\n', new Map()),
    },
    {
      onTrace: () => (heard.traces += 1),
      onStuck: () => (heard.stuck += 1),
    },
    signal,
  );
  return { answer, heard };
}

describe('buildImage', () => {
  it('asks for a BuildKit build with its own session', async () => {
    const { docker, urls } = await engine(lines([image]));
    expect(await build(docker).answer).toEqual({ error: null, imageId: ID });
    const query = Object.fromEntries(urls[0]?.searchParams ?? []);
    expect(query).toMatchObject({
      version: '2',
      t: 'imageyard-build:x-1',
      platform: 'linux/amd64',
      pull: '1',
      nocache: 'true',
    });
    expect(query.session).toBe(query.buildid);
    expect(query.remote).toBe('client-session');
  });

  it('reads on after the image’s id', async () => {
    const trace = Buffer.from([0x0a, 3, 0x0a, 1, 0x61]).toString('base64');
    const { docker } = await engine(
      lines([image, { id: 'moby.buildkit.trace', aux: trace }]),
    );
    const { answer, heard } = build(docker);
    expect((await answer).imageId).toBe(ID);
    expect(heard.traces).toBe(1);
  });

  it('gives the engine’s last word, which comes with status 200', async () => {
    const { docker } = await engine(
      lines([{ error: 'short', errorDetail: { message: 'exit code: 3' } }]),
    );
    expect(await build(docker).answer).toEqual({
      error: 'exit code: 3',
      imageId: null,
    });
  });

  it('takes a refusal of the request for a failed build, and a defect for a broken engine', async () => {
    const answering = (status: number) => (response: http.ServerResponse) => {
      response.writeHead(status).end('{"message":"no such platform"}');
    };
    const refusing = await engine(answering(400));
    expect(await build(refusing.docker).answer).toEqual({
      error: 'no such platform',
      imageId: null,
    });
    const broken = await engine(answering(500));
    await expect(build(broken.docker).answer).rejects.toMatchObject({
      status: 500,
    });
  });

  it('closes its session however the build ends', async () => {
    const good = await engine(lines([image]));
    await build(good.docker).answer;
    const bad = await engine((response) => void response.writeHead(500).end());
    await build(bad.docker).answer.catch(() => {});
    const cut = await engine((response) => void response.destroy());
    await expect(build(cut.docker).answer).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
    });
    for (const { sessions } of [good, bad, cut]) {
      await expect
        .poll(() => sessions.map(({ isOpen }) => isOpen))
        .toEqual([false]);
    }
  });

  it('stops at once when told to', async () => {
    const { docker, sessions } = await engine((response) => {
      response.write(`${JSON.stringify(nothing)}\n`);
    });
    const stop = new AbortController();
    const { answer } = build(docker, stop.signal);
    const stopped = expect(answer).rejects.toThrow();
    await expect.poll(() => sessions.length).toBe(1);
    stop.abort();
    await stopped;
    await expect.poll(() => sessions[0]?.isOpen).toBe(false);
  });

  it('notices progress that is stuck, once, and still ends with the image', async () => {
    const { docker } = await engine((response) => {
      const flood = () => {
        while (response.write(`${JSON.stringify(nothing)}\n`));
      };
      response.on('drain', flood);
      for (let sent = 0; sent < 1_500; sent += 1) {
        response.write(`${JSON.stringify(nothing)}\n`);
      }
      response.write(`${JSON.stringify(image)}\n`);
      flood();
    });
    const { answer, heard } = build(docker);
    expect(await answer).toEqual({ error: null, imageId: ID });
    expect(heard).toEqual({ traces: 0, stuck: 1 });
  });

  it('is not alarmed by a message without content', async () => {
    const { docker } = await engine(lines([nothing, nothing, image]));
    const { answer, heard } = build(docker);
    expect((await answer).imageId).toBe(ID);
    expect(heard.stuck).toBe(0);
  });
});
