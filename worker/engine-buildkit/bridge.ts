import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { codecs, type Fields } from '@/worker/buildkit/codec';
import type { Control } from '@/worker/engine-buildkit/control';
import { pause } from '@/worker/time-limit';

// The part of BuildKit's bridge to a frontend (frontend/gateway/pb/gateway.proto) that is used here.
const codec = codecs(
  `message SolveRequest {
    string Frontend = 2; map<string, string> FrontendOpt = 3;
    bool allowResultReturn = 5; bool allowResultArrayRef = 6; bool Evaluate = 14;
  }
  message Ref { string id = 1; }
  message Result { Ref ref = 3; map<string, bytes> metadata = 10; }
  message SolveResponse { Result result = 3; }
  message FileRange { int64 Offset = 1; int64 Length = 2; }
  message ReadFileRequest { string Ref = 1; string FilePath = 2; FileRange Range = 3; }
  message ReadFileResponse { bytes Data = 1; }
  message Stat { string path = 1; uint32 mode = 2; int64 size = 5; int64 modTime = 6; }
  message ReadDirRequest { string Ref = 1; string DirPath = 2; }
  message ReadDirResponse { repeated Stat entries = 1; }
  message StatFileRequest { string Ref = 1; string Path = 2; }
  message StatFileResponse { Stat stat = 1; }
  message ReturnRequest { Result result = 1; }
  message ReturnResponse {}`,
);
const SERVICE = '/moby.buildkit.v1.frontend.LLBBridge/';
/** The call that names the build it is about. */
const BUILD = 'buildkit-controlapi-buildid';

type Read = 'ReadFile' | 'ReadDir' | 'StatFile';
type Method = Read | 'Solve' | 'Return';

const END_MS = 5_000;

const Solved = z.object({
  result: z.object({
    ref: z.object({ id: z.string() }),
    metadata: z.record(z.string(), z.instanceof(Uint8Array)),
  }),
});

const Config = z.object({
  config: z.object({ Env: z.array(z.string()).nullish() }).nullish(),
});
const variablesIn = (config: string) =>
  Config.parse(JSON.parse(config)).config?.Env ?? [];

/** A build as its frontend sees it, which may look at results before anything is exported. */
export type Bridge = {
  /** The environment in the image's config, of lines such as `PATH=/bin`. */
  variables: readonly string[];
  /** Asks about the image's files. Rejects with grpc's own error. */
  ask(method: Read, request: Fields): Promise<Fields>;
  /** Ends the build, which exports nothing. */
  close(): Promise<void>;
};

/**
 * Opens a build whose frontend is this process, and has the daemon solve a Dockerfile within it. Rejects with the
 * daemon's error, and when `signal` aborts.
 */
export async function openBridge(
  control: Control,
  session: string,
  attributes: Record<string, string>,
  signal: AbortSignal,
): Promise<Bridge> {
  const ref = randomUUID();
  const ending = new AbortController();
  const limits = { signal: AbortSignal.any([signal, ending.signal]) };
  // Without a frontend of its own it runs until it is told a result, or cancelled.
  const running = control
    .ask('Solve', { Ref: ref, Session: session, Internal: true }, limits)
    .then(
      () => new Error('the build ended by itself'),
      (error: unknown) => error,
    );
  const ask = (method: Method, request: Fields, timeoutMs?: number) =>
    control.call(
      {
        path: `${SERVICE}${method}`,
        request: codec(`${method}Request`),
        response: codec(`${method}Response`),
      },
      request,
      { ...limits, timeoutMs },
      { [BUILD]: ref },
    );
  const close = async () => {
    // An empty result ends it well; a build that is cancelled is an error in the daemon's log.
    await ask('Return', { result: {} }, END_MS)
      .then(() => Promise.race([running, pause(END_MS, signal)]))
      .catch(() => {});
    ending.abort();
    await running;
  };
  try {
    const { result } = Solved.parse(
      await Promise.race([
        ask('Solve', {
          Frontend: 'dockerfile.v0',
          FrontendOpt: attributes,
          allowResultReturn: true,
          allowResultArrayRef: true,
          Evaluate: true,
        }),
        running.then((error) => Promise.reject(error as Error)),
      ]),
    );
    const config = result.metadata['containerimage.config'];
    return {
      variables: variablesIn(Buffer.from(config ?? []).toString('utf8')),
      ask: (method, request) => ask(method, { Ref: result.ref.id, ...request }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
