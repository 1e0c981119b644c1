import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { repositoryScope } from '@/lib/registry/challenge';
import type {
  EgressAllowance,
  EgressPolicy,
} from '@/lib/registry/egress-policy';
import { failure, FakeStore } from './fake-store';

export type FakeRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
};

export type FakeReply = {
  status: number;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
  /** `hang` never answers, `stall` after the headers, `reset` cuts the connection, `drip` sends a byte every 20 ms for ever. */
  fault?: 'hang' | 'stall' | 'reset' | 'drip';
};

/** The first rule that fits answers; `when` is `METHOD /path` (`*` stands for any text) or a function. */
export type FakeRule = {
  when: string | ((request: FakeRequest) => boolean);
  reply: FakeReply | ((request: FakeRequest) => FakeReply);
  /** The rule is used up after so many answers. */
  times?: number;
};

export type FakeOptions = {
  script?: FakeRule[];
  /** `open` to all; `basic`: a password for everything; `token`: a bearer token, its server under `/token`. */
  mode?: 'open' | 'basic' | 'token';
  users?: Record<string, string>;
  /** In `token` mode: what may be pulled without a login. */
  isPublic?: (repository: string) => boolean;
  /** TLS by the test authority (`TEST_CA`), by default; false speaks plain http. */
  tls?: boolean | 'expired';
  /** The name it is reached by; must be covered by the test certificate. */
  hostname?: string;
  /** In `token` mode: the realm it names, when not its own. */
  realm?: string;
};

export type FakeRegistry = {
  /** As it stands in references. */
  host: string;
  origin: string;
  port: number;
  /** Every request that arrived, in order. */
  requests: FakeRequest[];
  store: FakeStore;
  /** What an owner who wrote it out has allowed. */
  allowance: EgressAllowance;
  policy: EgressPolicy;
  /** Puts rules before those already there. */
  script: (...rules: FakeRule[]) => void;
  /** Each request waits for `hold` before it is answered. */
  holdRequests: (hold: () => Promise<void>) => void;
  close: () => Promise<void>;
};

const TLS_FOLDER = new URL('../testdata/tls/', import.meta.url);
const pem = (name: string) => readFileSync(new URL(name, TLS_FOLDER), 'utf8');

/** The authority that signed the fake's certificates, for `ca`. Names: localhost, *.example.com, *.example.org. */
export const TEST_CA = pem('ca.crt');

/** A resolver that finds every name on loopback, where the fakes listen. */
export const onLoopback = () => Promise.resolve(['127.0.0.1']);

/**
 * Starts a registry on a free loopback port: a real server that takes pushes, pulls and lists in memory. A script
 * overrides single answers, which is how each oddity seen in the wild is staged.
 *
 * @example
 * const fake = await startFakeRegistry({ mode: 'token', users: { ci: 'secret' } });
 * fake.store.seedImage('acme/etl', '1.4');
 * fake.script({ when: 'HEAD /v2/*', reply: { status: 429, headers: { 'retry-after': '60' } }, times: 1 });
 */
export async function startFakeRegistry(
  options: FakeOptions = {},
): Promise<FakeRegistry> {
  const {
    mode = 'open',
    users = {},
    tls = true,
    hostname = 'localhost',
    isPublic = () => false,
  } = options;
  const rules = (options.script ?? []).map((rule) => ({
    ...rule,
    left: rule.times ?? Infinity,
  }));
  const requests: FakeRequest[] = [];
  const store = new FakeStore();
  const tokens = new Map<string, ReadonlySet<string>>();
  let origin = '';
  let hold: (() => Promise<void>) | undefined;

  const handle = (message: IncomingMessage, response: ServerResponse): void => {
    void readRequest(message).then(async (request) => {
      await hold?.();
      requests.push(request);
      const rule = rules.find((one) => one.left > 0 && fits(one, request));
      if (rule) rule.left -= 1;
      const scripted =
        typeof rule?.reply === 'function' ? rule.reply(request) : rule?.reply;
      send(response, request, scripted ?? answer(request));
    });
  };

  function answer(request: FakeRequest): FakeReply {
    if (mode === 'token' && request.path === '/token') return issue(request);
    if (!request.path.startsWith('/v2/'))
      return { status: 404, body: 'not here' };
    const refusal = mode === 'open' ? null : refuse(request);
    return refusal ?? store.answer(request);
  }

  function refuse(request: FakeRequest): FakeReply | null {
    if (mode === 'basic') {
      return userOf(request) === null
        ? failure(401, 'UNAUTHORIZED', {
            'www-authenticate': 'Basic realm="fake"',
          })
        : null;
    }
    const needed = scopeOf(request);
    const bearer = /^Bearer (.+)$/.exec(
      request.headers.authorization ?? '',
    )?.[1];
    const granted = tokens.get(bearer ?? '');
    if (granted && needed.every((scope) => granted.has(scope))) return null;
    const scope = needed.length === 0 ? '' : `,scope="${joined(needed)}"`;
    const error = granted ? ',error="insufficient_scope"' : '';
    const realm = options.realm ?? `${origin}/token`;
    return failure(401, 'UNAUTHORIZED', {
      'www-authenticate': `Bearer realm="${realm}",service="fake"${scope}${error}`,
    });
  }

  /** Like Docker Hub's: always a token, holding only what the caller may do. */
  function issue(request: FakeRequest): FakeReply {
    const user = userOf(request);
    if (request.headers.authorization && user === null)
      return failure(401, 'UNAUTHORIZED');
    const granted = new Set<string>();
    for (const scope of request.query.getAll('scope')) {
      const [, repository = '', actions = ''] =
        /^repository:(.+):([^:]+)$/.exec(scope) ?? [];
      for (const action of actions.split(',')) {
        if (user !== null || (action === 'pull' && isPublic(repository)))
          granted.add(`${repository}:${action}`);
      }
    }
    const token = randomUUID();
    tokens.set(token, granted);
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    };
  }

  function userOf({ headers }: FakeRequest): string | null {
    const [, encoded = ''] =
      /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
    const [user = '', ...rest] = Buffer.from(encoded, 'base64')
      .toString('utf8')
      .split(':');
    return user !== '' && users[user] === rest.join(':') ? user : null;
  }

  const server = tls
    ? createTlsServer(
        {
          cert: pem(tls === 'expired' ? 'expired.crt' : 'server.crt'),
          key: pem('server.key'),
        },
        handle,
      )
    : createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const scheme = tls ? 'https' : 'http';
  const host = `${hostname}:${String(port)}`;
  origin = `${scheme}://${host}`;
  const allowance: EgressAllowance = {
    host: hostname,
    port,
    scheme,
    cidrs: ['127.0.0.1/32'],
  };

  return {
    host,
    origin,
    port,
    requests,
    store,
    allowance,
    policy: { allow: [allowance] },
    script: (...added) => {
      rules.unshift(
        ...added.map((rule) => ({ ...rule, left: rule.times ?? Infinity })),
      );
    },
    holdRequests: (next) => {
      hold = next;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readRequest(message: IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>)
    chunks.push(chunk);
  const url = new URL(message.url ?? '/', 'http://fake');
  return {
    method: message.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: message.headers,
    body: Buffer.concat(chunks),
  };
}

function fits({ when }: FakeRule, request: FakeRequest): boolean {
  if (typeof when === 'function') return when(request);
  const pattern = when
    .split('*')
    .map((text) => text.replace(/[.?+^$()[\]{}|\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(
    `${request.method} ${request.path}`,
  );
}

function scopeOf({ method, path }: FakeRequest): string[] {
  const repository = /^\/v2\/(.+?)\/(?:manifests|blobs|tags)\//.exec(path)?.[1];
  if (repository === undefined) return [];
  const isRead = method === 'GET' || method === 'HEAD';
  return (isRead ? ['pull'] : ['pull', 'push']).map(
    (action) => `${repository}:${action}`,
  );
}

function joined(needed: readonly string[]): string {
  const repository = needed[0]?.replace(/:[^:]*$/, '') ?? '';
  return repositoryScope(
    repository,
    needed.length > 1 ? ['pull', 'push'] : ['pull'],
  );
}

function send(
  response: ServerResponse,
  request: FakeRequest,
  reply: FakeReply,
): void {
  if (reply.fault === 'hang') return;
  if (reply.fault === 'reset') {
    response.destroy();
    return;
  }
  response.writeHead(reply.status, reply.headers);
  if (reply.fault === 'stall') {
    response.flushHeaders();
    return;
  }
  if (reply.fault === 'drip') {
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
    return;
  }
  response.end(request.method === 'HEAD' ? undefined : reply.body);
}
