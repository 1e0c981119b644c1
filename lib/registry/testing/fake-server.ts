import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EgressPolicy } from '@/lib/registry/egress-policy';

export type PlainRequest = {
  method: string;
  path: string;
  query: string;
  headers: Record<string, string>;
  body: string;
};

export type PlainReply = {
  status: number;
  headers?: Record<string, string>;
  body?: string;
};

export type PlainServer = {
  origin: string;
  /** Opens exactly this server. */
  policy: EgressPolicy;
  close: () => Promise<void>;
};

/** Starts a plain-http server on a free loopback port: the ground that fakes of cloud APIs stand on. */
export async function startPlainServer(
  answer: (request: PlainRequest) => PlainReply,
): Promise<PlainServer> {
  const server = createServer((message, response) => {
    void readRequest(message).then((request) => {
      const { status, headers = {}, body = '' } = answer(request);
      response.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${String(port)}`,
    policy: {
      allow: [
        { host: '127.0.0.1', port, scheme: 'http', cidrs: ['127.0.0.1/32'] },
      ],
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readRequest(message: IncomingMessage): Promise<PlainRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>)
    chunks.push(chunk);
  const [path = '/', query = ''] = (message.url ?? '/').split('?');
  return {
    method: message.method ?? '',
    path,
    query,
    headers: flatten(message.headers),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function flatten(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      [value ?? []].flat().join(', '),
    ]),
  );
}
