import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readBytes, upload } from '@/lib/api';
import type { Actor } from '@/lib/auth';

const signedIn = vi.hoisted(() => ({ actor: null as Actor | null }));
vi.mock('@/lib/auth', async () => {
  const { AppError } = await import('@/lib/errors');
  return {
    requireActor: () =>
      signedIn.actor
        ? Promise.resolve(signedIn.actor)
        : Promise.reject(new AppError('NOT_SIGNED_IN', 'You are signed out.')),
  };
});
vi.mock('@/lib/env', () => ({
  env: () => ({ PUBLIC_URL: 'https://yard.example.com' }),
}));

const ADA: Actor = {
  userId: 'u',
  name: 'Ada',
  email: 'ada@example.com',
  teamId: 't',
  teamName: 'Research',
  role: 'owner',
};

beforeEach(() => {
  signedIn.actor = ADA;
});

/** A body of so many bytes in pieces of 10; nothing says how long it is. */
function bodyOf(size: number) {
  let left = size;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = Math.min(left, 10);
      left -= next;
      if (next === 0) controller.close();
      else controller.enqueue(new Uint8Array(next));
    },
  });
}

function request(size: number, headers: Record<string, string> = {}) {
  return new Request('http://app:3000/api/archives', {
    method: 'POST',
    headers: { host: 'app:3000', origin: 'http://app:3000', ...headers },
    body: bodyOf(size),
    duplex: 'half',
  } as RequestInit);
}

const post = upload(100, (actor, _request, bytes) =>
  Promise.resolve({ by: actor.name, size: bytes.length }),
);

describe('upload', () => {
  it('gives the verb who sent it, and what', async () => {
    const response = await post(request(100));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ by: 'Ada', size: 100 });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('takes a body without a byte', async () => {
    expect(await (await post(request(0))).json()).toEqual({
      by: 'Ada',
      size: 0,
    });
  });

  it.each([
    ['one byte more than the limit', request(101)],
    ['a body without end', request(Infinity)],
    [
      'a length that says so, before it reads',
      request(1, { 'content-length': '101' }),
    ],
    ['a length that lies', request(500, { 'content-length': '3' })],
  ])('refuses %s', async (_, sent) => {
    const response = await post(sent);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      error: { code: 'INVALID_INPUT' },
    });
  });

  it('is for who is signed in', async () => {
    signedIn.actor = null;
    expect((await post(request(1))).status).toBe(401);
  });

  it.each([
    ['its own host', { origin: 'http://app:3000' }, 200],
    [
      'the host a proxy hands on',
      { host: 'yard.example.com', origin: 'https://yard.example.com' },
      200,
    ],
    ['its public address', { origin: 'https://yard.example.com' }, 200],
    [
      'the public host without its encryption',
      { origin: 'http://yard.example.com' },
      403,
    ],
    ['another host', { origin: 'https://evil.example.net' }, 403],
    ['another port', { origin: 'http://app:3001' }, 403],
    ['a host that begins alike', { origin: 'http://app:3000.evil.net' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    ['nowhere', { origin: '' }, 403],
  ])('takes a request from %s or not', async (_, headers, status) => {
    const response = await post(request(1, headers));
    expect(response.status).toBe(status);
  });

  it('takes no request that does not say where it is from', async () => {
    const sent = new Request('http://app:3000/', {
      method: 'POST',
      headers: { host: 'app:3000' },
      body: 'x',
    });
    expect((await post(sent)).status).toBe(403);
  });
});

describe('readBytes', () => {
  it('takes a sender that goes away as no failure of the server', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error('aborted')),
    });
    const sent = new Request('http://app:3000/', {
      method: 'POST',
      body,
      duplex: 'half',
    } as RequestInit);
    await expect(readBytes(sent, 100)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });

  it.each([
    [100, '100 bytes'],
    [256 * 1024, '256 KiB'],
    [64 * 1024 * 1024, '64 MiB'],
  ])('names a limit of %i as %s', async (maxBytes, limit) => {
    const sent = request(1, { 'content-length': String(maxBytes + 1) });
    await expect(readBytes(sent, maxBytes)).rejects.toThrow(limit);
  });
});
