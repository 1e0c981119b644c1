import { beforeEach, describe, expect, it } from 'vitest';
import type { JobCredential, LoginAnswer } from '@/lib/build/protocol';
import { keepLogins } from '@/worker/logins';
import { ServerAway } from '@/worker/server-api';
import { testJob } from '@/worker/testing/test-job';

const MINUTE = 60_000;
const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';

let now: number;
let asked: (string | null)[];
let concealed: string[];
let answer: () => Promise<LoginAnswer>;

const login = (password: string, leftMs?: number): JobCredential => ({
  host: HOST,
  username: 'AWS',
  password,
  ...(leftMs === undefined ? {} : { leftMs }),
});
const fresh = (credential: JobCredential | null) => () =>
  Promise.resolve({ credential, repository: null });

beforeEach(() => {
  now = 1_000_000;
  asked = [];
  concealed = [];
  answer = fresh(login('new', 60 * MINUTE));
});

function logins(...credentials: JobCredential[]) {
  return keepLogins(
    { ...testJob([]), credentials },
    {
      server: {
        login: (_, { host }) => {
          asked.push(host);
          return answer();
        },
      },
      now: () => now,
      conceal: (secrets) => concealed.push(...secrets),
      signal: new AbortController().signal,
    },
  );
}

describe('a login that is kept for a build', () => {
  it('goes on while it is good, and for ever where no end is known', async () => {
    const of = logins(login('old', 60 * MINUTE), {
      ...login('lasting'),
      host: 'lasting.example.com',
    });
    now += 49 * MINUTE;
    expect((await of(HOST))?.password).toBe('old');
    now += 1000 * 60 * MINUTE;
    expect((await of('lasting.example.com'))?.password).toBe('lasting');
    expect(asked).toEqual([]);
  });

  it('is made anew near its end, once for all who ask, and hidden from the log', async () => {
    const of = logins(login('old', 60 * MINUTE));
    now += 50 * MINUTE;
    const given = await Promise.all([of(HOST), of(`https://${HOST}/v1/`)]);
    expect(given.map((each) => each?.password)).toEqual(['new', 'new']);
    expect(asked).toEqual([HOST]);
    expect(concealed).toEqual(['new']);
    now += 50 * MINUTE;
    answer = fresh(login('newer', 60 * MINUTE));
    expect((await of(HOST))?.password).toBe('newer');
  });

  it.each<[string, () => Promise<LoginAnswer>]>([
    ['the server is away', () => Promise.reject(new ServerAway('away'))],
    ['there is none any more', fresh(null)],
    [
      'the answer is for another host',
      fresh({ ...login('stray'), host: 'other.example.com' }),
    ],
  ])('goes on when %s, and is asked for again later', async (_, failing) => {
    const of = logins(login('old', 5 * MINUTE));
    answer = failing;
    expect((await of(HOST))?.password).toBe('old');
    expect((await of(HOST))?.password).toBe('old');
    expect(asked).toHaveLength(1);
    expect(concealed).toEqual([]);
    now += MINUTE;
    answer = fresh(login('new', 60 * MINUTE));
    expect((await of(HOST))?.password).toBe('new');
  });

  it('is for its own host alone', async () => {
    const of = logins(login('old', 0));
    expect(await of('registry.example.com')).toBeUndefined();
    expect(asked).toEqual([]);
  });
});
