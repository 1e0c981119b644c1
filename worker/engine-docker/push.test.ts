import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Docker from 'dockerode';
import { afterEach, describe, expect, it } from 'vitest';
import { pushImage } from '@/worker/engine-docker/push';
import { PushProgress, type PushTick } from '@/worker/push-progress';
import type { EngineEvent } from '@/lib/build/engine';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const LAST = `1: digest: ${DIGEST} size: 737`;
const never = new AbortController().signal;
const open: http.Server[] = [];

afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** An engine that answers a push with these lines; `hang` keeps the answer open after them. */
async function engine(
  lines: object[],
  { status = 200, hang = false } = {},
): Promise<{
  docker: Docker;
  headers: http.IncomingHttpHeaders[];
  urls: string[];
}> {
  const headers: http.IncomingHttpHeaders[] = [];
  const urls: string[] = [];
  const server = http.createServer((request, response) => {
    headers.push(request.headers);
    urls.push(request.url ?? '');
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' });
    for (const line of lines) response.write(`${JSON.stringify(line)}\r\n`);
    if (!hang) response.end();
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    docker: new Docker({ protocol: 'http', host: '127.0.0.1', port }),
    headers,
    urls,
  };
}

const push = (docker: Docker, idleMs = 5_000, signal = never) => {
  const ticks: PushTick[] = [];
  const answer = pushImage(
    docker,
    { repository: 'r.example.com/a', tag: '1', auth: null, idleMs },
    (tick) => ticks.push(tick),
    signal,
  );
  return { answer, ticks };
};

describe('pushImage', () => {
  it.each([
    [
      'with aux',
      [{ status: LAST }, { aux: { Tag: '1', Digest: DIGEST, Size: 737 } }],
    ],
    ['with a containerd store, which has no aux', [{ status: LAST }]],
    [
      'when the status disagrees, for aux is the older form',
      [{ aux: { Digest: `sha256:${'b'.repeat(64)}` } }, { status: LAST }],
    ],
  ])('reads the digest %s', async (_name, lines) => {
    const { docker, urls } = await engine(lines);
    expect(await push(docker).answer).toEqual({ digest: DIGEST });
    expect(urls).toEqual(['/images/r.example.com/a/push?tag=1']);
  });

  it('always sends an auth header, empty for an open registry', async () => {
    const { docker, headers } = await engine([{ status: LAST }]);
    await push(docker).answer;
    expect(headers[0]?.['x-registry-auth']).toBe(
      Buffer.from('{}').toString('base64'),
    );
  });

  it('gives the engine’s words for a refusal inside the answer', async () => {
    const words = 'denied: requested access to the resource is denied';
    const { docker } = await engine([
      { status: 'Preparing', id: 'abc' },
      { errorDetail: { message: words }, error: 'shorter' },
    ]);
    expect(await push(docker).answer).toEqual({ error: words });
  });

  it('gives the engine’s words for a refusal by status', async () => {
    const { docker } = await engine([{ message: 'unauthorized' }], {
      status: 500,
    });
    expect(await push(docker).answer).toEqual({ error: 'unauthorized' });
  });

  it('is no success without a digest', async () => {
    const { docker } = await engine([{ status: 'Pushed', id: 'abc' }]);
    expect(await push(docker).answer).toHaveProperty('error');
  });

  it('gives up a registry that falls silent', async () => {
    const { docker } = await engine([{ status: 'Pushing', id: 'abc' }], {
      hang: true,
    });
    expect(await push(docker, 100).answer).toEqual({
      error: 'i/o timeout: the registry fell silent',
    });
  });

  it('rejects at once when it is stopped', async () => {
    const { docker } = await engine([{ status: 'Pushing', id: 'abc' }], {
      hang: true,
    });
    const stop = new AbortController();
    const { answer, ticks } = push(docker, 60_000, stop.signal);
    const failed = expect(answer).rejects.toThrow();
    await expect.poll(() => ticks.length).toBe(1);
    stop.abort();
    await failed;
  });
});

describe('PushProgress', () => {
  const tell = (ticks: (Partial<PushTick> & { at: number })[]) => {
    const events: EngineEvent[] = [];
    const progress = new PushProgress('push', (event) => events.push(event));
    for (const { at, ...tick } of ticks) {
      progress.tell(
        { layer: '', status: '', current: 0, total: 0, ...tick },
        at,
      );
    }
    return {
      sums: events.flatMap((event) =>
        event.kind === 'progress' ? [[event.current, event.total]] : [],
      ),
      text: events
        .flatMap((event) => (event.kind === 'output' ? [event.bytes] : []))
        .map((bytes) => Buffer.from(bytes).toString())
        .join(''),
    };
  };

  it('sums the layers, at most twice a second, and never past their total', () => {
    const { sums } = tell([
      { layer: 'a', status: 'Pushing', current: 1, total: 10, at: 0 },
      { layer: 'b', status: 'Pushing', current: 5, total: 10, at: 100 },
      { layer: 'a', status: 'Pushing', current: 12, total: 10, at: 600 },
      { layer: 'b', status: 'Pushing', current: 10, total: 10, at: 650 },
    ]);
    expect(sums).toEqual([
      [1, 10],
      [15, 20],
      [20, 20],
    ]);
  });

  it('says each change of a layer once, and a count-down once', () => {
    const { text } = tell([
      { layer: 'a', status: 'Preparing', at: 0 },
      { layer: 'a', status: 'Waiting', at: 0 },
      { layer: 'a', status: 'Pushing', current: 1, total: 2, at: 0 },
      { layer: 'a', status: 'Retrying in 5 seconds', at: 0 },
      { layer: 'a', status: 'Retrying in 4 seconds', at: 1000 },
      { layer: 'a', status: 'Pushed', at: 2000 },
      { layer: 'b', status: 'Layer already exists', at: 2000 },
      { status: LAST, at: 2000 },
    ]);
    expect(text).toBe(
      `a: Retrying\na: Pushed\nb: Layer already exists\n${LAST}\n`,
    );
  });
});
