import * as grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { filesOnly } from '@/worker/buildkit/answers';
import { type Fields, codecs } from '@/worker/buildkit/codec';
import type { Trace } from '@/worker/buildkit/trace';
import { Control } from '@/worker/engine-buildkit/control';
import { solve } from '@/worker/engine-buildkit/solve';

const never = new AbortController().signal;
const digest = `sha256:${'a'.repeat(64)}`;
const config = `sha256:${'b'.repeat(64)}`;
const open: (() => void)[] = [];

afterEach(() => {
  for (const close of open.splice(0)) close();
});

// As a daemon reads it.
const codec = codecs(
  `message Empty {}
  message BytesMessage { bytes data = 1; }
  message SolveRequest {
    string Ref = 1; string Exporter = 3; map<string, string> ExporterAttrs = 4; string Session = 5;
    string Frontend = 6; map<string, string> FrontendAttrs = 7; bool Internal = 11;
  }
  message SolveResponse { map<string, string> ExporterResponse = 1; }
  message Vertex { string digest = 1; string name = 3; }
  message StatusRequest { string Ref = 1; }
  message StatusResponse { repeated Vertex vertexes = 1; }`,
);

type Answer = (
  call: grpc.ServerUnaryCall<Fields, Fields>,
  reply: grpc.sendUnaryData<Fields>,
) => void;

/** A daemon that answers a build as told. */
async function daemon(answer: Answer) {
  const asked: Fields[] = [];
  const sessions: grpc.Metadata[] = [];
  const server = new grpc.Server();
  const add = (
    name: string,
    [request, response]: [string, string],
    streams: { in: boolean; out: boolean },
    handle: grpc.UntypedHandleCall,
  ) =>
    server.addService(
      {
        handle: {
          path: `/moby.buildkit.v1.Control/${name}`,
          requestStream: streams.in,
          responseStream: streams.out,
          requestSerialize: codec(request).write,
          requestDeserialize: codec(request).read,
          responseSerialize: codec(response).write,
          responseDeserialize: codec(response).read,
        },
      },
      { handle },
    );
  const solving: Answer = (call, reply) => {
    asked.push(call.request);
    answer(call, reply);
  };
  const unary = { in: false, out: false };
  add('Solve', ['SolveRequest', 'SolveResponse'], unary, solving);
  const workers: Answer = (_call, reply) => reply(null, {});
  add('ListWorkers', ['Empty', 'Empty'], unary, workers);
  const status = (call: grpc.ServerWritableStream<Fields, Fields>) => {
    call.write({
      vertexes: [{ digest, name: `for ${String(call.request.Ref)}` }],
    });
    call.end();
  };
  add(
    'Status',
    ['StatusRequest', 'StatusResponse'],
    { in: false, out: true },
    status,
  );
  const session = (call: grpc.ServerDuplexStream<Fields, Fields>) => {
    sessions.push(call.metadata);
    call.on('data', () => {});
  };
  add(
    'Session',
    ['BytesMessage', 'BytesMessage'],
    { in: true, out: true },
    session,
  );
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(
      '127.0.0.1:0',
      grpc.ServerCredentials.createInsecure(),
      (error, bound) => (error ? reject(error) : resolve(bound)),
    ),
  );
  const control = new Control({
    address: `tcp://127.0.0.1:${port}`,
    tls: null,
  });
  open.push(
    () => control.close(),
    () => server.forceShutdown(),
  );
  return { control, asked, sessions, die: () => server.forceShutdown() };
}

function build(control: Control, signal = never) {
  const traces: Trace[] = [];
  const answer = solve(
    control,
    {
      platform: 'linux/amd64',
      noCache: true,
      image: { name: 'r.example.com/a:1', push: 'true' },
      answers: filesOnly('FROM scratch\n', new Map()),
    },
    (trace) => traces.push(trace),
    signal,
  );
  return { answer, traces };
}

const done: Answer = (_call, reply) =>
  reply(null, {
    ExporterResponse: {
      'containerimage.digest': digest,
      'containerimage.config.digest': config,
    },
  });

describe('solve', () => {
  it('asks for a Dockerfile’s image in a session of its own, and for no record of it', async () => {
    const { control, asked, sessions } = await daemon(done);
    const { answer, traces } = build(control);
    expect(await answer).toEqual({ digest, imageId: config });
    expect(asked).toMatchObject([
      {
        Frontend: 'dockerfile.v0',
        FrontendAttrs: { platform: 'linux/amd64', 'no-cache': '' },
        Exporter: 'image',
        ExporterAttrs: { name: 'r.example.com/a:1', push: 'true' },
        Internal: true,
      },
    ]);
    const ids = sessions.map(
      (metadata) => metadata.get('x-docker-expose-session-uuid')[0],
    );
    expect(ids).toEqual([asked[0]?.Session]);
    // Node gives repeated headers as one.
    expect(
      sessions[0]?.get('x-docker-expose-session-grpc-method').join(),
    ).toContain('/moby.buildkit.secrets.v1.Secrets/GetSecret');
    expect(traces.flatMap(({ vertexes }) => vertexes)).toMatchObject([
      { name: `for ${String(asked[0]?.Ref)}` },
    ]);
  });

  it('gives the words of a build that failed', async () => {
    const { control } = await daemon((_call, reply) =>
      reply({ code: grpc.status.UNKNOWN, details: 'exit code: 3' }),
    );
    expect(await build(control).answer).toEqual({ error: 'exit code: 3' });
  });

  it('does not take a registry that is away for a daemon that is', async () => {
    const { control } = await daemon((_call, reply) =>
      reply({
        code: grpc.status.UNAVAILABLE,
        details: '503 from r.example.com',
      }),
    );
    expect(await build(control).answer).toEqual({
      error: '503 from r.example.com',
    });
  });

  it('rejects when the daemon is gone', async () => {
    const { control, asked, die } = await daemon(() => {});
    const { answer } = build(control);
    const rejected = expect(answer).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
    });
    await expect.poll(() => asked.length).toBe(1);
    die();
    await rejected;
  });

  it('stops the build when it is told to', async () => {
    const stopped: boolean[] = [];
    const { control, asked } = await daemon((call) => {
      call.on('cancelled', () => stopped.push(true));
    });
    const stop = new AbortController();
    const rejected = expect(
      build(control, stop.signal).answer,
    ).rejects.toThrow();
    await expect.poll(() => asked.length).toBe(1);
    stop.abort();
    await rejected;
    await expect.poll(() => stopped).toEqual([true]);
  });
});
