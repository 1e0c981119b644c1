import type { Job, JobCredential } from '@/lib/build/protocol';
import { normalHost } from '@/worker/registry-logins';
import type { ServerApi } from '@/worker/server-api';
import { withTimeLimit } from '@/worker/time-limit';

/** A login is made anew this long before it ends, and one that could not be is asked for again after a minute. */
const NEAR_END_MS = 10 * 60_000;
const AGAIN_MS = 60_000;
/** A build waits for an answer meanwhile. */
const ASK_MS = 30_000;

type Kept = {
  credential: JobCredential;
  askAtMs: number;
  asking: Promise<void> | null;
};

export type LoginTools = {
  server: Pick<ServerApi, 'login'>;
  now: () => number;
  /** Told each new login before it is used. */
  conceal: (secrets: string[]) => void;
  signal: AbortSignal;
};

/** The login for a host of the job, good for a while yet; nothing for any other host. Never rejects. */
export type Logins = (host: string) => Promise<JobCredential | undefined>;

/**
 * Keeps the logins of a job for as long as it is built: at Amazon one lives for twelve hours, at Google for one, and an
 * engine may ask at any time. One that is near its end is asked for anew; when none can be had, the kept one goes on.
 */
export function keepLogins(job: Job, tools: LoginTools): Logins {
  const kept = new Map(
    job.credentials.map((credential) => [
      normalHost(credential.host),
      keep(credential, tools.now()),
    ]),
  );
  return async (host) => {
    const login = kept.get(normalHost(host));
    if (!login) return undefined;
    if (tools.now() >= login.askAtMs) {
      login.asking ??= renew(job, login, tools).finally(() => {
        login.asking = null;
      });
      await login.asking;
    }
    return login.credential;
  };
}

function keep(credential: JobCredential, nowMs: number): Kept {
  const { leftMs } = credential;
  const askAtMs = leftMs == null ? Infinity : nowMs + leftMs - NEAR_END_MS;
  return { credential, askAtMs, asking: null };
}

async function renew(
  job: Job,
  login: Kept,
  { server, now, conceal, signal }: LoginTools,
): Promise<void> {
  const { host } = login.credential;
  const answer = await withTimeLimit(ASK_MS, signal, (limit) =>
    server.login(job, { host }, limit),
  ).catch(() => null);
  const credential = answer?.credential;
  const soonestMs = now() + AGAIN_MS;
  // Another host's login must never go to this one.
  if (credential?.host !== host) {
    login.askAtMs = soonestMs;
    return;
  }
  conceal([credential.password]);
  const { askAtMs } = keep(credential, now());
  login.credential = credential;
  login.askAtMs = Math.max(askAtMs, soonestMs);
}
