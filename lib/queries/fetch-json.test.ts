import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  errorView,
  fetchJson,
  RequestError,
  unwrap,
} from '@/lib/queries/fetch-json';
import { makeQueryClient, mayRetry } from '@/lib/queries/query-client';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(reply: RequestListener): Promise<string> {
  const server = createServer(reply);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('nothing was thrown'),
    (error: unknown) => error,
  );
}

const notFound = {
  code: 'NOT_FOUND',
  message: 'No such build.',
  hint: 'Look again.',
};

describe('fetchJson', () => {
  it('gives the body', async () => {
    const url = await serve((_, response) => response.end('{"number":7}'));
    expect(await fetchJson<{ number: number }>(url)).toEqual({ number: 7 });
  });

  it('checks the body when it is given a schema', async () => {
    const url = await serve((_, response) => response.end('{"number":"7"}'));
    expect(
      await failure(
        fetchJson(url, { schema: z.object({ number: z.number() }) }),
      ),
    ).toBeInstanceOf(z.ZodError);
  });

  it('throws the view of a failure the server explained', async () => {
    const url = await serve((_, response) =>
      response.writeHead(404).end(JSON.stringify({ error: notFound })),
    );
    const error = await failure(fetchJson(url));
    expect(error).toBeInstanceOf(RequestError);
    expect(errorView(error)).toEqual(notFound);
  });

  it.each([
    ['a page of a proxy', '<h1>Bad gateway</h1>'],
    [
      'an unknown code',
      JSON.stringify({ error: { ...notFound, code: 'SOMETHING' } }),
    ],
  ])('throws INTERNAL with the status for %s', async (_, body) => {
    const url = await serve((_request, response) =>
      response.writeHead(502).end(body),
    );
    expect(errorView(await failure(fetchJson(url)))).toMatchObject({
      code: 'INTERNAL',
      message: 'The server answered with status 502.',
    });
  });

  it('throws SERVER_UNREACHABLE when nobody listens', async () => {
    const url = await serve(() => undefined);
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    expect(errorView(await failure(fetchJson(url))).code).toBe(
      'SERVER_UNREACHABLE',
    );
  });

  it('throws an abort as it is', async () => {
    const url = await serve(() => undefined);
    const controller = new AbortController();
    const pending = failure(fetchJson(url, { signal: controller.signal }));
    controller.abort();
    expect(await pending).toMatchObject({ name: 'AbortError' });
  });
});

describe('unwrap', () => {
  it('gives the data', () => {
    expect(unwrap({ ok: true, data: 7 })).toBe(7);
  });
  it('throws the failure', () => {
    const error = {
      code: 'NAME_TAKEN',
      message: 'Taken.',
      hint: 'Another.',
    } as const;
    expect(() => unwrap({ ok: false, error })).toThrow(new RequestError(error));
  });
});

describe('errorView', () => {
  it.each([
    [new TypeError('Failed to fetch'), 'SERVER_UNREACHABLE'],
    [
      new TypeError('NetworkError when attempting to fetch resource.'),
      'SERVER_UNREACHABLE',
    ],
    [new TypeError('Load failed'), 'SERVER_UNREACHABLE'],
    [new TypeError('x is undefined'), 'INTERNAL'],
    ['a string', 'INTERNAL'],
  ])('reads %s as %s', (error, code) => {
    expect(errorView(error).code).toBe(code);
  });
});

describe('mayRetry', () => {
  it.each([
    [
      'an answer that says no',
      new RequestError({ code: 'NOT_FOUND', message: '', hint: '' }),
      0,
      false,
    ],
    ['a server that is away', new TypeError('Failed to fetch'), 0, true],
    [
      'a server that is away for the third time',
      new TypeError('Failed to fetch'),
      2,
      false,
    ],
  ])('decides about %s', (_, error, failures, expected) => {
    expect(mayRetry(failures, error)).toBe(expected);
  });
});

describe('makeQueryClient', () => {
  it('asks a server on this machine while the browser says that it is offline', () => {
    const { queries, mutations } = makeQueryClient().getDefaultOptions();
    expect(queries?.networkMode).toBe('always');
    expect(mutations?.networkMode).toBe('always');
  });
});
