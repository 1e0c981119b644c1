import type { ECRClientConfig } from '@aws-sdk/client-ecr';
import type { Egress, EgressRequest } from '@/lib/registry/egress';
import { CLOUD_LIMITS } from './cloud';

/** The part of an SDK request that is sent. */
type SdkRequest = {
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  query?: Record<string, string | string[] | null>;
  method: string;
  headers: Record<string, string>;
  body?: unknown;
};

/** Lets a client of the AWS SDK send through the app's egress, and no other way. It keeps no connection of its own. */
export function egressHandler(egress: Egress) {
  const handler = {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async (
      request: SdkRequest,
      { abortSignal }: { abortSignal?: unknown } = {},
    ) => {
      const { host: _, ...headers } = request.headers;
      const answer = await egress.request({
        url: urlOf(request),
        method: request.method as EgressRequest['method'],
        headers,
        body: bodyOf(request.body),
        limits: CLOUD_LIMITS,
        signal: abortSignal instanceof AbortSignal ? abortSignal : undefined,
      });
      return {
        response: {
          statusCode: answer.status,
          headers: Object.fromEntries(
            Object.entries(answer.headers).map(([name, value]) => [
              name,
              [value].flat().join(', '),
            ]),
          ),
          body: answer.body,
        },
      };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
  // The SDK types what a handler takes and gives by classes of its own; it reads no more of them than is set here.
  return handler as unknown as NonNullable<ECRClientConfig['requestHandler']>;
}

function urlOf(request: SdkRequest): URL {
  const { protocol, hostname, port, path, query = {} } = request;
  const authority = port === undefined ? hostname : `${hostname}:${port}`;
  const url = new URL(`${protocol}//${authority}${path}`);
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value ?? ''].flat()) url.searchParams.append(name, one);
  }
  return url;
}

function bodyOf(body: unknown): string | Uint8Array {
  if (body === undefined || body === null) return '';
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  throw new Error('The calls we make have bodies of text.');
}
