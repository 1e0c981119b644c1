import { z } from 'zod';
import type { Checkup } from '@/lib/build/doctor';
import {
  ClaimAnswer,
  type ClaimRequest,
  EventsAnswer,
  type Finish,
  HeartbeatAnswer,
  LoginAnswer,
  type LoginRequest,
  LONG_POLL_MS,
  PROTOCOL,
  PROTOCOL_HEADER,
} from '@/lib/build/protocol';
import { type Enrol, EnrolAnswer } from '@/lib/build/enrol-protocol';
import { AppError, ERRORS, type ErrorCode } from '@/lib/errors';
import { withTimeLimit } from '@/worker/time-limit';

export type AttemptKey = { buildId: string; attempt: number };

/**
 * The server, as a worker sees it. A call rejects with ServerAway when it may work later, and with an AppError when the
 * server said no: ATTEMPT_STALE, WORKER_UNKNOWN, WORKER_PROTOCOL, …
 */
export type ServerApi = {
  /** A long poll for work. */
  claim(request: ClaimRequest, signal: AbortSignal): Promise<ClaimAnswer>;
  /** Reports what a look after itself found. */
  checkup(findings: Checkup, signal: AbortSignal): Promise<void>;
  /** Sends events `from`, `from + 1`, … and gives the next number wanted, whether or not these were taken. */
  sendEvents(
    key: AttemptKey,
    from: number,
    body: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<number>;
  heartbeat(
    key: AttemptKey,
    signal: AbortSignal,
  ): Promise<HeartbeatAnswer['desired']>;
  /** The packed project folder of the attempt's revision. */
  archive(
    key: AttemptKey,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>>;
  /** A login made now, for one host of the job or for its push. */
  login(
    key: AttemptKey,
    request: LoginRequest,
    signal: AbortSignal,
  ): Promise<LoginAnswer>;
  /** `null` when the attempt is finished, else the next event wanted before it can be. */
  finish(
    key: AttemptKey,
    finish: Finish,
    signal: AbortSignal,
  ): Promise<number | null>;
};

/** Asks to be made a worker. Rejects as the calls of `ServerApi` do. */
export type Enroller = (
  request: Enrol,
  signal: AbortSignal,
) => Promise<EnrolAnswer>;

/** The server gave no answer, or none of its own: try again. */
export class ServerAway extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ServerAway';
  }
}

const CALL_MS = 30_000;
/** The server asks a cloud, some of them twice, and may be told to wait. */
const LOGIN_MS = 90_000;
const ARCHIVE_MS = 5 * 60_000;
/** What a long poll may take beyond its own limit. */
const SLACK_MS = 15_000;

const Refusal = z.object({
  error: z.object({
    code: z
      .string()
      .refine((code): code is ErrorCode => Object.hasOwn(ERRORS, code)),
    message: z.string(),
  }),
});

const Finished = z.object({ ok: z.literal(true) });

type Post = (
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  contentType: string,
  ms: number,
  signal: AbortSignal,
) => Promise<{
  status: number;
  bytes: Uint8Array<ArrayBuffer>;
  json: unknown;
}>;

/** Follows no redirect, so that a secret stays with the server it is for. */
function poster(origin: string, secret: string | null): Post {
  return async (path, body, contentType, ms, signal) => {
    const answer = await withTimeLimit(ms, signal, async (limit) => {
      try {
        const response = await fetch(new URL(path, origin), {
          method: 'POST',
          body,
          headers: {
            ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
            [PROTOCOL_HEADER]: String(PROTOCOL),
            'content-type': contentType,
          },
          redirect: 'manual',
          signal: limit,
        });
        const buffer = await response.arrayBuffer();
        return { status: response.status, bytes: new Uint8Array(buffer) };
      } catch (error) {
        throw new ServerAway(reasonOf(error), error);
      }
    });
    const json = parseJson(answer.bytes);
    const refusal = Refusal.safeParse(json);
    if (refusal.success) {
      const { code, message } = refusal.data.error;
      // Its own defects and overload are not about this worker: they may be over in a moment.
      if (answer.status >= 500 || answer.status === 429) {
        throw new ServerAway(`it answers ${answer.status}: ${message}`);
      }
      throw new AppError(code, message);
    }
    const isOwnAnswer = [200, 204, 409].includes(answer.status);
    if (!isOwnAnswer) throw new ServerAway(`it answers ${answer.status}`);
    return { ...answer, json };
  };
}

const jsonPoster =
  (post: Post) =>
  (path: string, body: unknown, ms: number, signal: AbortSignal) =>
    post(path, JSON.stringify(body), 'application/json', ms, signal);

/** Speaks to the server at `origin` before there is a secret. */
export function enrollerAt(origin: string): Enroller {
  const postJson = jsonPoster(poster(origin, null));
  return async (request, signal) => {
    const { json } = await postJson(
      '/api/worker/enrol',
      request,
      CALL_MS,
      signal,
    );
    return read(EnrolAnswer, json);
  };
}

/** Speaks to the server at `origin` with the worker's secret. */
export function serverApi(origin: string, secret: string): ServerApi {
  const post = poster(origin, secret);
  const postJson = jsonPoster(post);

  return {
    claim: async (request, signal) => {
      const { json } = await postJson(
        '/api/worker/claim',
        request,
        LONG_POLL_MS + SLACK_MS,
        signal,
      );
      return read(ClaimAnswer, json);
    },
    checkup: async (findings, signal) => {
      const { json } = await postJson(
        '/api/worker/checkup',
        findings,
        CALL_MS,
        signal,
      );
      read(Finished, json);
    },
    sendEvents: async (key, from, body, signal) => {
      const { json } = await post(
        `${pathOf(key)}/events?from=${from}`,
        body,
        'application/x-ndjson',
        CALL_MS,
        signal,
      );
      return read(EventsAnswer, json).nextSeq;
    },
    heartbeat: async (key, signal) => {
      const { json } = await postJson(
        `${pathOf(key)}/heartbeat`,
        {},
        LONG_POLL_MS + SLACK_MS,
        signal,
      );
      return read(HeartbeatAnswer, json).desired;
    },
    archive: async (key, signal) => {
      const { status, bytes } = await postJson(
        `${pathOf(key)}/archive`,
        {},
        ARCHIVE_MS,
        signal,
      );
      if (status !== 200) throw new ServerAway(`it answers ${status}`);
      return bytes;
    },
    login: async (key, request, signal) => {
      const { json } = await postJson(
        `${pathOf(key)}/credentials`,
        request,
        LOGIN_MS,
        signal,
      );
      return read(LoginAnswer, json);
    },
    finish: async (key, finish, signal) => {
      const { status, json } = await postJson(
        `${pathOf(key)}/finish`,
        finish,
        CALL_MS,
        signal,
      );
      if (status === 409) return read(EventsAnswer, json).nextSeq;
      read(Finished, json);
      return null;
    },
  };
}

function pathOf({ buildId, attempt }: AttemptKey): string {
  return `/api/worker/builds/${buildId}/${attempt}`;
}

function read<Schema extends z.ZodType>(
  schema: Schema,
  json: unknown,
): z.output<Schema> {
  const result = schema.safeParse(json);
  // A proxy's page with status 200, or another release's answer.
  if (!result.success) throw new ServerAway('its answer cannot be read');
  return result.data;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return bytes.length === 0
      ? null
      : JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

/** Node hides the reason of a failed fetch in its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code =
    cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code || (cause instanceof Error ? cause.message : 'no answer');
}
