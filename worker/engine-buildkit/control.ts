import { Duplex } from 'node:stream';
import * as grpc from '@grpc/grpc-js';
import type { BuildKitConnection } from '@/worker/buildkit-connection';
import { type Codec, type Fields, codecs } from '@/worker/buildkit/codec';

// The part of BuildKit's control API (api/services/control/control.proto) that is used here.
const codec = codecs(
  `message InfoRequest {}
  message Version { string package = 1; string version = 2; string revision = 3; }
  message InfoResponse { Version buildkitVersion = 1; }
  message ListWorkersRequest {}
  message Platform { string Architecture = 1; string OS = 2; string Variant = 3; }
  message Worker { string ID = 1; repeated Platform platforms = 3; Version BuildkitVersion = 5; }
  message ListWorkersResponse { repeated Worker record = 1; }
  message DiskUsageRequest {}
  message Usage { string ID = 1; int64 Size = 4; }
  message DiskUsageResponse { repeated Usage record = 1; }
  message SolveRequest {
    string Ref = 1; string Exporter = 3; map<string, string> ExporterAttrs = 4; string Session = 5;
    string Frontend = 6; map<string, string> FrontendAttrs = 7; bool Internal = 11;
  }
  message SolveResponse { map<string, string> ExporterResponse = 1; }
  message StatusRequest { string Ref = 1; }
  message BytesMessage { bytes data = 1; }`,
);
const SERVICE = '/moby.buildkit.v1.Control/';
/** The log of a step that prints much comes in large messages. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

type Unary = 'Info' | 'ListWorkers' | 'DiskUsage' | 'Solve';

type Limits = { signal: AbortSignal; timeoutMs?: number };

/** One connection to a BuildKit daemon. Whatever fails rejects with grpc's own error. */
export class Control {
  readonly #client: grpc.Client;

  constructor({ address, tls }: BuildKitConnection) {
    this.#client = new grpc.Client(
      address.startsWith('unix:')
        ? `unix:${address.slice('unix://'.length)}`
        : new URL(address).host,
      tls
        ? grpc.credentials.createSsl(tls.ca, tls.key, tls.cert)
        : grpc.credentials.createInsecure(),
      {
        'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
        // Shared ones would wait for their turn to try again after another connection had failed.
        'grpc.use_local_subchannel_pool': 1,
        'grpc.enable_channelz': 0,
      },
    );
  }

  ask(method: Unary, request: Fields, limits: Limits): Promise<Fields> {
    return this.call(
      {
        path: `${SERVICE}${method}`,
        request: codec(`${method}Request`),
        response: codec(`${method}Response`),
      },
      request,
      limits,
    );
  }

  /** One call of any service of the daemon. `headers` go with it. */
  call(
    method: { path: string; request: Codec; response: Codec },
    request: Fields,
    { signal, timeoutMs }: Limits,
    headers: Record<string, string> = {},
  ): Promise<Fields> {
    return new Promise((resolve, reject) => {
      const call = this.#client.makeUnaryRequest<Fields, Fields>(
        method.path,
        method.request.write,
        method.response.read,
        request,
        metadataOf(headers),
        timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs },
        (error, answer) => {
          signal.removeEventListener('abort', cancel);
          if (answer) resolve(answer);
          else reject(error ?? new Error('no answer'));
        },
      );
      const cancel = () => call.cancel();
      signal.addEventListener('abort', cancel);
      if (signal.aborted) cancel();
    });
  }

  /** What is told of a build while it runs, each message as its bytes. */
  status(ref: string): grpc.ClientReadableStream<Buffer> {
    return this.#client.makeServerStreamRequest<Fields, Buffer>(
      `${SERVICE}Status`,
      codec('StatusRequest').write,
      (bytes) => bytes,
      { Ref: ref },
    );
  }

  /** A two-way stream of bytes over which the daemon calls back. */
  session(headers: Record<string, string | string[]>): Duplex {
    const { write, read } = codec('BytesMessage');
    return socketOver(
      this.#client.makeBidiStreamRequest<Fields, Fields>(
        `${SERVICE}Session`,
        write,
        read,
        metadataOf(headers),
      ),
    );
  }

  close(): void {
    this.#client.close();
  }
}

function metadataOf(headers: Record<string, string | string[]>): grpc.Metadata {
  const metadata = new grpc.Metadata();
  for (const [name, values] of Object.entries(headers))
    for (const value of [values].flat()) metadata.add(name, value);
  return metadata;
}

/** Makes one connection of a stream of messages. */
function socketOver(call: grpc.ClientDuplexStream<Fields, Fields>): Duplex {
  const socket = new Duplex({
    read: () => call.resume(),
    write: (data: Buffer, _encoding, done) => {
      if (call.write({ data })) done();
      else call.once('drain', done);
    },
    final: (done) => {
      call.end();
      done();
    },
    destroy: (error, done) => {
      call.cancel();
      done(error);
    },
  });
  call.on('data', ({ data }: Fields) => {
    if (data instanceof Uint8Array && data.length > 0 && !socket.push(data))
      call.pause();
  });
  call.on('end', () => socket.push(null));
  call.on('error', (error) => socket.destroy(error));
  return socket;
}
