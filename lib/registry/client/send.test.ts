import { describe, expect, it } from 'vitest';
import type { EgressRequest } from '@/lib/registry/egress';
import type { AddressClass } from '@/lib/registry/egress-policy';
import { type SendContext, sendFollowing } from './send';

/** An egress that needs no network, because a test has no public address to be redirected from. */
function scripted(
  addressClass: AddressClass,
  locations: string[],
): { context: SendContext; sent: EgressRequest[] } {
  const sent: EgressRequest[] = [];
  const context: SendContext = {
    egress: {
      request: (request) => {
        sent.push(request);
        const location = locations[sent.length - 1];
        return Promise.resolve({
          status: location === undefined ? 200 : 307,
          headers: { location },
          body: Buffer.alloc(0),
          addressClass,
        });
      },
      close: () => Promise.resolve(),
    },
    registryOrigin: 'https://registry.example.com',
    identity: 'credential',
    now: () => 0,
    random: () => 0,
    sleep: () => Promise.resolve(),
  };
  return { context, sent };
}

const outgoing = {
  method: 'GET' as const,
  url: new URL('https://registry.example.com/v2/'),
  purpose: 'blob' as const,
  authorization: 'Bearer canary',
};

describe('sendFollowing', () => {
  it.each<[AddressClass, string[], (boolean | undefined)[]]>([
    [
      'public',
      ['https://storage.example.org/a', 'https://inner.example.org/b'],
      [false, true, true],
    ],
    [
      'public',
      ['/same', 'https://storage.example.org/a'],
      [false, false, true],
    ],
    ['private', ['https://storage.example.org/a'], [false, false]],
  ])(
    'from a %s address along %j allows private addresses no longer: %j',
    async (addressClass, locations, expected) => {
      const { context, sent } = scripted(addressClass, locations);
      await sendFollowing(context, outgoing);
      expect(sent.map(({ isPublicOnly }) => isPublicOnly)).toEqual(expected);
    },
  );

  it('keeps Authorization on the same origin and loses it for good on another', async () => {
    const { context, sent } = scripted('public', [
      '/a',
      'https://storage.example.org/b',
      'https://registry.example.com/c',
    ]);
    await sendFollowing(context, outgoing);
    expect(sent.map(({ headers }) => headers?.authorization)).toEqual([
      'Bearer canary',
      'Bearer canary',
      undefined,
      undefined,
    ]);
  });
});
