import { randomUUID, sign, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { splitScopes } from '@/lib/registry/challenge';

export type TokenServer = { port: number; close: () => Promise<void> };

type Grant = { type: string; name: string; actions: string[] };

const LIFE_S = 300;

/**
 * The token server of the distribution's token authentication: RS256, the certificate in `x5c`. It grants what `may`
 * allows and always gives a token, as the specification wants: an empty grant is no error.
 */
export async function startTokenServer(options: {
  certificateFile: string;
  keyFile: string;
  service: string;
  issuer: string;
  users: Record<string, string>;
  may: (user: string | null, repository: string, action: string) => boolean;
}): Promise<TokenServer> {
  const key = readFileSync(options.keyFile);
  const certificate = new X509Certificate(
    readFileSync(options.certificateFile),
  ).raw.toString('base64');

  const server = createServer((request, response) => {
    const user = userOf(request, options.users);
    if (request.headers.authorization !== undefined && user === null) {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end('{"errors":[{"code":"UNAUTHORIZED"}]}');
      return;
    }
    const url = new URL(request.url ?? '/', 'http://token');
    const scopes = url.searchParams.getAll('scope').flatMap(splitScopes);
    const access = scopes.flatMap((scope): Grant[] => {
      const [type = '', ...rest] = scope.split(':');
      const actions = (rest.pop() ?? '').split(',');
      const name = rest.join(':');
      return [
        {
          type,
          name,
          actions: actions.filter((one) => options.may(user, name, one)),
        },
      ];
    });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ token: issue(user, access) }));
  });

  function issue(user: string | null, access: Grant[]): string {
    const nowS = Math.floor(Date.now() / 1000);
    const claims = {
      iss: options.issuer,
      sub: user ?? '',
      aud: options.service,
      exp: nowS + LIFE_S,
      nbf: nowS - 10,
      iat: nowS,
      jti: randomUUID(),
      access,
    };
    const signed = [{ typ: 'JWT', alg: 'RS256', x5c: [certificate] }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function userOf(
  { headers }: IncomingMessage,
  users: Record<string, string>,
): string | null {
  const encoded = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  const [name = '', ...rest] = Buffer.from(encoded, 'base64')
    .toString('utf8')
    .split(':');
  return name !== '' && users[name] === rest.join(':') ? name : null;
}
