import http from 'node:http';
import http2 from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import Docker from 'dockerode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesOnly } from '@/worker/buildkit/answers';
import type { Session } from '@/worker/buildkit/session';
import { openSession } from '@/worker/engine-docker/session';

const never = new AbortController().signal;
let engine: http.Server;
let docker: Docker;
let asked: http.IncomingHttpHeaders;
let client: http2.ClientHttp2Session;
let session: Session;
let socket: Socket;

beforeEach(async () => {
  engine = http.createServer();
  const connected = new Promise<Socket>((resolve) =>
    engine.on('upgrade', (request, socket) => {
      asked = request.headers;
      socket.write(
        'HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
      );
      resolve(socket as Socket);
    }),
  );
  await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve));
  const { port } = engine.address() as AddressInfo;
  docker = new Docker({ protocol: 'http', host: '127.0.0.1', port });
  session = await openSession(
    docker,
    {
      credential: (host) =>
        Promise.resolve(
          host === 'r.example.com'
            ? { username: 'me', password: 'mine' }
            : undefined,
        ),
      secret: (id) => (id === 'token' ? Buffer.from('s3cret') : undefined),
      files: { folders: new Map(), sharedKey: 'r.example.com/a' },
    },
    never,
  );
  socket = await connected;
  client = http2.connect('http://engine', { createConnection: () => socket });
});

afterEach(async () => {
  session.close();
  client.destroy();
  engine.closeAllConnections();
  await new Promise((resolve) => engine.close(resolve));
});

/** One gRPC call with one text field, as the engine makes it. */
function call(
  path: string,
  text: string,
): Promise<{ status: string; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const stream = client.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const field = Buffer.from([0x0a, text.length, ...Buffer.from(text)]);
    const head = Buffer.alloc(5);
    head.writeUInt32BE(field.length, 1);
    const chunks: Buffer[] = [];
    let status = '';
    const note = (headers: http2.IncomingHttpHeaders) => {
      status = String(headers['grpc-status'] ?? status);
    };
    stream.on('response', note);
    stream.on('trailers', note);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('close', () =>
      resolve({ status, bytes: Buffer.concat(chunks).subarray(5) }),
    );
    stream.end(Buffer.concat([head, field]));
  });
}

const AUTH = '/moby.filesync.v1.Auth/Credentials';
const SECRET = '/moby.buildkit.secrets.v1.Secrets/GetSecret';

describe('openSession', () => {
  it('says who it is and what it answers', () => {
    expect(asked['x-docker-expose-session-uuid']).toBe(session.id);
    expect(asked['x-docker-expose-session-sharedkey']).toBe('r.example.com/a');
    expect(asked['x-docker-expose-session-grpc-method']).toContain(
      'grpc.health.v1.Health',
    );
  });

  it('answers health checks, or the engine would close it', async () => {
    const { status, bytes } = await call('/grpc.health.v1.Health/Check', '');
    expect([status, ...bytes]).toEqual(['0', 0x08, 1]);
  });

  it('gives a registry its own credential and no other registry anything', async () => {
    const own = await call(AUTH, 'r.example.com');
    expect(own.status).toBe('0');
    expect(own.bytes.toString()).toContain('mine');
    for (const host of [
      'registry-1.docker.io',
      'r.example.com.evil.example.com',
      '',
    ]) {
      const other = await call(AUTH, host);
      expect([other.status, other.bytes.length]).toEqual(['0', 0]);
    }
  });

  it('gives a secret by its id, and NOT_FOUND for any other', async () => {
    expect((await call(SECRET, 'token')).bytes.toString()).toContain('s3cret');
    const missing = await call(SECRET, 'HTTP_AUTH_TOKEN_registry.example.com');
    expect(missing.status).toBe('5');
    expect(missing.bytes.toString()).not.toContain('s3cret');
  });

  it('breaks the connection when it is closed', async () => {
    const ended = new Promise((resolve) => socket.on('end', resolve));
    session.close();
    await ended;
  });

  it('rejects when the engine opens no session', async () => {
    const plain = http.createServer((_request, response) => {
      response.writeHead(404).end('{"message":"page not found"}');
    });
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    const other = new Docker({ protocol: 'http', host: '127.0.0.1', port });
    const answers = filesOnly('FROM scratch\n', new Map());
    await expect(openSession(other, answers, never)).rejects.toMatchObject({
      status: 404,
      message: 'page not found',
    });
    plain.closeAllConnections();
    plain.close();
  });
});
