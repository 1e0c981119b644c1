import { z } from 'zod';
import { codecs } from '@/worker/buildkit/codec';

// The part of moby.buildkit.v1.StatusResponse (api/services/control/control.proto) that is used here.
const codec = codecs(
  `message Time { int64 seconds = 1; int32 nanos = 2; }
  message Vertex {
    string digest = 1; repeated string inputs = 2; string name = 3; bool cached = 4;
    Time started = 5; Time completed = 6; string error = 7;
  }
  message Status {
    string id = 1; string vertex = 2; string name = 3; int64 current = 4; int64 total = 5;
    Time timestamp = 6; Time started = 7; Time completed = 8;
  }
  message Log { string vertex = 1; Time timestamp = 2; int64 stream = 3; bytes msg = 4; }
  message Warning { string vertex = 1; bytes short = 3; }
  message Trace { repeated Vertex vertexes = 1; repeated Status statuses = 2; repeated Log logs = 3; repeated Warning warnings = 4; }`,
)('Trace');

const Time = z
  .object({ seconds: z.number(), nanos: z.number() })
  .transform(({ seconds, nanos }) => seconds * 1000 + Math.floor(nanos / 1e6))
  .nullable();

const Trace = z.object({
  vertexes: z.array(
    z.object({
      digest: z.string().min(1).max(200),
      inputs: z.array(z.string()),
      name: z.string(),
      cached: z.boolean(),
      started: Time,
      completed: Time,
      error: z.string(),
    }),
  ),
  statuses: z.array(
    z.object({
      id: z.string(),
      vertex: z.string(),
      name: z.string(),
      current: z.number(),
      total: z.number(),
      timestamp: Time,
      completed: Time,
    }),
  ),
  logs: z.array(
    z.object({
      vertex: z.string(),
      timestamp: Time,
      stream: z.number(),
      msg: z.instanceof(Uint8Array),
    }),
  ),
  /** What BuildKit itself finds wrong with a Dockerfile; engines before 26 tell none. */
  warnings: z.array(
    z.object({
      short: z
        .instanceof(Uint8Array)
        .transform((bytes) => Buffer.from(bytes).toString()),
    }),
  ),
});
/** One message of BuildKit's progress, times in Unix milliseconds. */
export type Trace = z.infer<typeof Trace>;

/** Reads one message. Throws when it is no such message. */
export function decodeTrace(bytes: Uint8Array): Trace {
  return Trace.parse(codec.read(bytes));
}
