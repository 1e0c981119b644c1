import { createHash, randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Checkup, type CheckupOrder } from '@/lib/build/doctor';
import {
  ClaimRequest,
  Finish,
  type Job,
  type LoginAnswer,
  LoginRequest,
  PROTOCOL,
  PROTOCOL_HEADER,
  WorkerEvent,
} from '@/lib/build/protocol';
import { Enrol, type EnrolAnswer } from '@/lib/build/enrol-protocol';
import { ERRORS, type ErrorCode } from '@/lib/errors';

/** `drop`: no answer, nothing done. `lose`: done, but the answer is lost. */
export type Fault = 'drop' | 'lose' | 'html' | 503;

type Attempt = {
  job: Job;
  texts: string[];
  isCancelling: boolean;
  finish: Finish | null;
  wake: Set<() => void>;
};

type Answer = { status: number; json?: unknown };

const POLL_MS = 300;

/**
 * The server's side of the worker protocol, in memory, over real HTTP: it takes events only in order, answers gaps with
 * 409, checks the checksum and refuses what is over. `fault` decides, request by request, what goes wrong.
 */
export class FakeServer {
  readonly secret = 'a-worker-secret-of-this-test';
  readonly claims: ClaimRequest[] = [];
  /** Every request's path, in order of arrival. */
  readonly paths: string[] = [];
  fault: (path: string) => Fault | null = () => null;
  refusal: ErrorCode | null = null;
  /** The login for a push, or for a host of a build; without one the job's own. */
  login: ((job: Job, request: LoginRequest) => LoginAnswer) | null = null;
  /** What the next claim is told to look at. */
  order: CheckupOrder | null = null;
  readonly checkups: Checkup[] = [];
  /** How many builds it hands out at a time. */
  slots = 1;
  /** The hash of the secret each code was used for; `null` while it was not. */
  readonly enrolled = new Map<string, string | null>();
  #queue: Job[] = [];
  #claimed = new Map<string, Job>();
  #attempts = new Map<string, Attempt>();
  #waiting = new Set<() => void>();
  readonly #server = http.createServer((request, response) => {
    void this.#handle(request, response);
  });

  async listen(port = 0): Promise<void> {
    await new Promise<void>((resolve) =>
      this.#server.listen(port, '127.0.0.1', resolve),
    );
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  queue(job: Job): void {
    this.#queue.push(job);
    for (const wake of this.#waiting) wake();
  }

  /** Makes an attempt known without a claim. */
  begin(job: Job): Attempt {
    const attempt: Attempt = {
      job,
      texts: [],
      isCancelling: false,
      finish: null,
      wake: new Set(),
    };
    this.#attempts.set(keyOf(job), attempt);
    return attempt;
  }

  attempt(job: Pick<Job, 'buildId' | 'attempt'>): Attempt | undefined {
    return this.#attempts.get(keyOf(job));
  }

  events(job: Pick<Job, 'buildId' | 'attempt'>): WorkerEvent[] {
    return (this.attempt(job)?.texts ?? []).map((text) =>
      WorkerEvent.parse(JSON.parse(text)),
    );
  }

  lines(job: Pick<Job, 'buildId' | 'attempt'>): string[] {
    return this.events(job).flatMap((event) =>
      event.kind === 'line' ? [event.text] : [],
    );
  }

  finish(job: Pick<Job, 'buildId' | 'attempt'>): Finish | null {
    return this.attempt(job)?.finish ?? null;
  }

  /** Whether the checksum of the finish fits what is stored. */
  isIntact(job: Pick<Job, 'buildId' | 'attempt'>): boolean {
    const attempt = this.attempt(job);
    const hash = createHash('sha256');
    for (const text of attempt?.texts ?? []) hash.update(`${text}\n`);
    return attempt?.finish?.checksum === hash.digest('hex');
  }

  cancel(job: Pick<Job, 'buildId' | 'attempt'>): void {
    const attempt = this.attempt(job);
    if (!attempt) return;
    attempt.isCancelling = true;
    for (const wake of attempt.wake) wake();
  }

  /** Forgets an attempt, as when another took over. */
  supersede(job: Pick<Job, 'buildId' | 'attempt'>): void {
    const attempt = this.attempt(job);
    this.#attempts.delete(keyOf(job));
    for (const wake of attempt?.wake ?? []) wake();
  }

  async #handle(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin);
    this.paths.push(url.pathname);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const fault = this.fault(url.pathname);
    if (fault === 'drop') return void request.socket.destroy();
    if (fault === 503) return void response.writeHead(503).end('busy');
    if (fault === 'html') {
      return void response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<h1>Welcome</h1>');
    }
    const answer = await this.#answer(request, url, body);
    if (fault === 'lose') return void request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(answer.json === undefined ? '' : JSON.stringify(answer.json));
  }

  async #answer(
    request: http.IncomingMessage,
    url: URL,
    body: string,
  ): Promise<Answer> {
    if (this.refusal) return refuse(this.refusal);
    if (url.pathname === '/api/worker/enrol')
      return this.#enrol(Enrol.parse(JSON.parse(body)));
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '');
    const secret = bearer?.[1] ?? '';
    const hash = createHash('sha256').update(secret).digest('hex');
    const isEnrolled = [...this.enrolled.values()].includes(hash);
    if (secret !== this.secret && !isEnrolled) return refuse('WORKER_UNKNOWN');
    if (request.headers[PROTOCOL_HEADER] !== String(PROTOCOL)) {
      return refuse('WORKER_PROTOCOL');
    }
    if (url.pathname === '/api/worker/checkup') {
      this.checkups.push(Checkup.parse(JSON.parse(body)));
      return { status: 200, json: { ok: true } };
    }
    if (url.pathname === '/api/worker/claim') {
      return this.#claim(ClaimRequest.parse(JSON.parse(body)));
    }
    const [, buildId = '', number, verb] =
      /builds\/([^/]+)\/(\d+)\/(\w+)$/.exec(url.pathname) ?? [];
    const attempt = this.attempt({ buildId, attempt: Number(number) });
    if (verb === 'heartbeat') return this.#heartbeat(attempt);
    if (!attempt || attempt.finish) return refuse('ATTEMPT_STALE');
    if (verb === 'credentials')
      return {
        status: 200,
        json: this.#login(attempt.job, LoginRequest.parse(JSON.parse(body))),
      };
    return verb === 'events'
      ? this.#events(attempt, Number(url.searchParams.get('from')), body)
      : this.#finish(attempt, Finish.parse(JSON.parse(body)));
  }

  async #claim(claim: ClaimRequest): Promise<Answer> {
    this.claims.push(claim);
    const known = this.#claimed.get(claim.key);
    if (known) return { status: 200, json: { job: known, checkup: null } };
    const canTake = () =>
      claim.engine.state === 'ready' && this.running < this.slots;
    const checkup = this.order;
    this.order = null;
    if (!checkup && (!canTake() || this.#queue.length === 0)) {
      await this.#sleep(this.#waiting);
    }
    const job = canTake() ? this.#queue.shift() : undefined;
    if (!job) return { status: 200, json: { job: null, checkup } };
    this.begin(job);
    this.#claimed.set(claim.key, job);
    return { status: 200, json: { job, checkup } };
  }

  #enrol(request: Enrol): Answer {
    const known = this.enrolled.get(request.code);
    if (known !== null && known !== request.secretHash)
      return refuse('ENROLMENT_INVALID');
    this.enrolled.set(request.code, request.secretHash);
    const answer: EnrolAnswer = { workerId: randomUUID(), name: 'builder' };
    return { status: 200, json: answer };
  }

  /** How many attempts were begun and have not finished. */
  get running(): number {
    const all = [...this.#attempts.values()];
    return all.filter(({ finish }) => finish === null).length;
  }

  async #heartbeat(attempt: Attempt | undefined): Promise<Answer> {
    const desired = () => {
      const isOver = !attempt || attempt.finish !== null;
      const known = attempt && this.attempt(attempt.job) === attempt;
      if (isOver || !known) return 'stop';
      return attempt.isCancelling ? 'cancel' : 'run';
    };
    if (attempt && desired() === 'run') await this.#sleep(attempt.wake);
    return { status: 200, json: { desired: desired() } };
  }

  #events(attempt: Attempt, from: number, body: string): Answer {
    const next = attempt.texts.length + 1;
    if (from > next) return { status: 409, json: { nextSeq: next } };
    const texts = body.split('\n').filter((text) => text !== '');
    for (const text of texts) WorkerEvent.parse(JSON.parse(text));
    attempt.texts.push(...texts.slice(next - from));
    return { status: 200, json: { nextSeq: attempt.texts.length + 1 } };
  }

  #login(job: Job, request: LoginRequest): LoginAnswer {
    const wanted = request.host ?? job.target.host;
    const own = job.credentials.find(({ host }) => host === wanted);
    return (
      this.login?.(job, request) ?? {
        credential: own ?? null,
        repository: null,
      }
    );
  }

  #finish(attempt: Attempt, finish: Finish): Answer {
    const next = attempt.texts.length + 1;
    if (finish.lastSeq + 1 !== next) {
      return { status: 409, json: { nextSeq: next } };
    }
    attempt.finish = finish;
    for (const wake of this.#waiting) wake();
    return { status: 200, json: { ok: true } };
  }

  #sleep(waiting: Set<() => void>): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, POLL_MS);
      waiting.add(wake);
    });
  }
}

function keyOf({ buildId, attempt }: Pick<Job, 'buildId' | 'attempt'>): string {
  return `${buildId}/${attempt}`;
}

function refuse(code: ErrorCode): Answer {
  return {
    status: ERRORS[code].status,
    json: { error: { code, message: 'Refused.', hint: ERRORS[code].hint } },
  };
}
