import { describe, expect, it } from 'vitest';
import { createHostGate, type Ticket } from './host-gate';

const ticket = (more: Partial<Ticket> = {}): Ticket => ({
  host: 'registry.example.com',
  identity: 'anonymous',
  team: 'a',
  isUrgent: false,
  ...more,
});

/** Requests that end when they are told to, and who has begun so far. */
function desk(gate = createHostGate()) {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (
    name: string,
    more: Partial<Ticket> = {},
    signal?: AbortSignal,
  ) =>
    gate.pass(
      ticket(more),
      () => {
        begun.push(name);
        return new Promise<string>((resolve) => ends.push(() => resolve(name)));
      },
      signal,
    );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const endOne = async () => {
    ends.shift()?.();
    await settle();
  };
  return { gate, begun, ask, settle, endOne, ends };
}

describe('createHostGate', () => {
  it('lets three requests at a time to a host, and others past to other hosts', async () => {
    const { begun, ask, settle, endOne } = desk();
    for (const name of ['1', '2', '3', '4', '5']) void ask(name);
    void ask('other', { host: 'other.example.com' });
    await settle();
    expect(begun).toEqual(['1', '2', '3', 'other']);
    await endOne();
    expect(begun).toEqual(['1', '2', '3', 'other', '4']);
  });

  it('keeps to an overall limit', async () => {
    const { begun, ask, settle } = desk(createHostGate({ overall: 2 }));
    for (const host of ['a', 'b', 'c']) void ask(host, { host });
    await settle();
    expect(begun).toEqual(['a', 'b']);
  });

  it('lets what a person waits for go first', async () => {
    const { begun, ask, settle, endOne } = desk(createHostGate({ perHost: 1 }));
    void ask('running');
    void ask('background');
    void ask('person', { isUrgent: true });
    await settle();
    await endOne();
    expect(begun).toEqual(['running', 'person']);
  });

  it('lets teams take turns', async () => {
    const { begun, ask, settle, endOne } = desk(createHostGate({ perHost: 2 }));
    for (const name of ['a1', 'a2', 'a3', 'a4']) void ask(name);
    for (const name of ['b1', 'b2']) void ask(name, { team: 'b' });
    await settle();
    expect(begun).toEqual(['a1', 'a2']);
    await endOne();
    expect(begun.at(-1)).toBe('b1');
  });

  it('turns everybody away from a host that refused, of that identity alone, until the time it named', async () => {
    let now = 1_000;
    const { gate, ask, settle, begun } = desk(
      createHostGate({ now: () => now }),
    );
    gate.close(ticket(), 'limited', 5_000);
    await expect(ask('late', { isUrgent: true })).rejects.toMatchObject({
      code: 'REGISTRY_RATE_LIMITED',
      facts: { retryAt: new Date(5_000).toISOString() },
    });
    void ask('known', { identity: 'credential-1' });
    await settle();
    expect(begun).toEqual(['known']);
    now = 5_001;
    void ask('after');
    await settle();
    expect(begun).toEqual(['known', 'after']);
  });

  it('turns away what already waits when the host is closed', async () => {
    const { gate, ask, settle, endOne } = desk(createHostGate({ perHost: 1 }));
    void ask('running');
    const waiting = ask('waiting');
    const refused = expect(waiting).rejects.toMatchObject({
      code: 'REGISTRY_RATE_LIMITED',
    });
    await settle();
    gate.close(ticket(), 'limited', Date.now() + 60_000);
    await endOne();
    await refused;
  });

  it('keeps the last of a quota for people, and opens when it is filled up', async () => {
    const { gate, ask, settle, begun } = desk();
    gate.close(ticket(), 'quota', Date.now() + 60_000);
    await expect(ask('background')).rejects.toMatchObject({
      code: 'REGISTRY_RATE_LIMITED',
    });
    void ask('person', { isUrgent: true });
    await settle();
    gate.close(ticket(), 'quota', 0);
    void ask('again');
    await settle();
    expect(begun).toEqual(['person', 'again']);
  });

  it('gives up the place of who stops waiting', async () => {
    const { ask, settle, endOne, begun } = desk(createHostGate({ perHost: 1 }));
    const stop = new AbortController();
    void ask('running');
    const waiting = ask('waiting', {}, stop.signal);
    const gone = expect(waiting).rejects.toThrow('enough');
    await settle();
    stop.abort(new Error('enough'));
    await gone;
    void ask('next');
    await endOne();
    expect(begun).toEqual(['running', 'next']);
  });
});
