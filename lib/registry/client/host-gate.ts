import { RegistryError } from '@/lib/registry/errors';

/** Who wants to send what to whom. */
export type Ticket = {
  /** Host with port. */
  host: string;
  /** A limit counted for one identity says nothing of another. */
  identity: string;
  /** Teams take turns. */
  team: string;
  /** A person waits for it: it goes first, and may spend the last of a quota. */
  isUrgent: boolean;
};

/** Why a host is left alone: it refused (429), or little of its quota is left. */
export type Closing = 'limited' | 'quota';

export type HostGate = {
  /** Sends when it is this ticket's turn. Throws `REGISTRY_RATE_LIMITED` at once where the host is to be left alone. */
  pass: <T>(
    ticket: Ticket,
    send: () => Promise<T>,
    signal?: AbortSignal,
  ) => Promise<T>;
  /** Nothing more goes to the host as this identity until then; with `quota` only what a person waits for, and 0 opens. */
  close: (
    place: Pick<Ticket, 'host' | 'identity'>,
    why: Closing,
    untilMs: number,
  ) => void;
  /** Until when a ticket would be turned away, in Unix milliseconds; null when it would pass. */
  closedUntilMs: (ticket: Omit<Ticket, 'team'>) => number | null;
};

/** A place at the gate for one client. */
export type GateSeat = { gate: HostGate; ticket: Omit<Ticket, 'host'> };

export type GateOptions = {
  perHost?: number;
  overall?: number;
  now?: () => number;
};

type Waiting = { ticket: Ticket; go: () => void };

const PER_HOST = 3;
const OVERALL = 24;

/**
 * Keeps one process polite: at most three requests at a time to a host, two dozen in all, what a person waits for
 * first, then the team with the fewest under way, then the longest wait.
 */
export function createHostGate(options: GateOptions = {}): HostGate {
  const {
    perHost = PER_HOST,
    overall = OVERALL,
    now = () => Date.now(),
  } = options;
  const closings = new Map<string, number>();
  const waiting: Waiting[] = [];
  const hosts = new Map<string, number>();
  const teams = new Map<string, number>();
  let active = 0;

  const closedUntilMs: HostGate['closedUntilMs'] = ({
    host,
    identity,
    isUrgent,
  }) => {
    const kinds = isUrgent ? ['limited'] : ['limited', 'quota'];
    const until = Math.max(
      ...kinds.map((why) => closings.get(`${why} ${identity} ${host}`) ?? 0),
    );
    return until > now() ? until : null;
  };

  function requireOpen(ticket: Ticket): void {
    const untilMs = closedUntilMs(ticket);
    if (untilMs === null) return;
    const retryAt = new Date(untilMs).toISOString();
    throw new RegistryError(
      'REGISTRY_RATE_LIMITED',
      `${ticket.host} asked to be left alone for a while.`,
      { facts: { stage: 'registry', retryAt } },
    );
  }

  function next(): number {
    let best = -1;
    waiting.forEach(({ ticket }, index) => {
      if ((hosts.get(ticket.host) ?? 0) >= perHost) return;
      const chosen = waiting[best]?.ticket;
      if (!chosen || comesBefore(ticket, chosen)) best = index;
    });
    return best;
  }

  function comesBefore(one: Ticket, other: Ticket): boolean {
    if (one.isUrgent !== other.isUrgent) return one.isUrgent;
    return (teams.get(one.team) ?? 0) < (teams.get(other.team) ?? 0);
  }

  function count(ticket: Ticket, by: 1 | -1): void {
    active += by;
    add(hosts, ticket.host, by);
    add(teams, ticket.team, by);
  }

  function pump(): void {
    while (active < overall) {
      const index = next();
      const [chosen] = index === -1 ? [] : waiting.splice(index, 1);
      if (!chosen) return;
      count(chosen.ticket, 1);
      chosen.go();
    }
  }

  async function wait(ticket: Ticket, signal?: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        const index = waiting.indexOf(entry);
        if (index !== -1) waiting.splice(index, 1);
        reject(signal?.reason as Error);
      };
      const entry = {
        ticket,
        go: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      if (signal?.aborted) return leave();
      signal?.addEventListener('abort', leave, { once: true });
      waiting.push(entry);
      pump();
    });
  }

  return {
    pass: async (ticket, send, signal) => {
      requireOpen(ticket);
      await wait(ticket, signal);
      try {
        // The host may have been closed while this one waited.
        requireOpen(ticket);
        return await send();
      } finally {
        count(ticket, -1);
        pump();
      }
    },
    close: ({ host, identity }, why, untilMs) => {
      for (const [key, until] of closings)
        if (until <= now()) closings.delete(key);
      const key = `${why} ${identity} ${host}`;
      // What is left of a quota is known again with every answer; a refusal stands until it is over.
      const before = why === 'quota' ? 0 : (closings.get(key) ?? 0);
      closings.set(key, Math.max(untilMs, before));
    },
    closedUntilMs,
  };
}

function add(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const left = (counts.get(key) ?? 0) + by;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}
