import { failureOf } from '@/lib/registry/testing/failure-of';
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Egress, openEgress } from '@/lib/registry/egress';
import type { EgressAllowance } from '@/lib/registry/egress-policy';
import {
  type FakeGoogle,
  startFakeGoogle,
} from '@/lib/registry/testing/fake-google';
import { mintGcpAmbient, mintGcpKey } from './gcp';

let google: FakeGoogle;
let egress: Egress;
let clockMs = 0;

beforeEach(async () => {
  clockMs = Date.now();
  google = await startFakeGoogle({ now: () => clockMs, hasInstance: true });
  egress = openEgress({ policy: google.policy });
});

afterEach(async () => {
  await egress.close();
  await google.close();
});

const mint = (keyFile: string, now = () => clockMs) =>
  mintGcpKey(keyFile, google.tokenUrl, { egress, now });

describe('a token from a key file', () => {
  it('is given for a signature that the public key verifies', async () => {
    const minted = await mint(google.keyFile);
    expect(minted).toEqual({
      username: 'oauth2accesstoken',
      password: google.tokens.at(-1),
      expiresAt: new Date(clockMs + 3_600_000),
    });
  });

  it('is refused for another private key', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
    const file = JSON.parse(google.keyFile) as Record<string, string>;
    const error = await failureOf(
      mint(JSON.stringify({ ...file, private_key: other })),
    );
    expect(error.code).toBe('CLOUD_KEY_REFUSED');
    expect(error.message).toContain(google.clientEmail);
    expect(google.tokens).toEqual([]);
  });

  it.each([
    ['key_deleted', /was deleted or has expired/],
    ['deleted', /does not know the service account/],
    ['disabled', /is disabled/],
  ] as const)('is refused once the account is %s', async (state, words) => {
    google.become(state);
    const error = await failureOf(mint(google.keyFile));
    expect(error.code).toBe('CLOUD_KEY_REFUSED');
    expect(error.message).toMatch(words);
  });

  it('is refused when this clock is off', async () => {
    const error = await failureOf(
      mint(google.keyFile, () => clockMs - 20 * 60_000),
    );
    expect(error.code).toBe('CLOUD_CLOCK_SKEW');
  });

  it('is not had where nobody answers', async () => {
    await google.close();
    expect((await failureOf(mint(google.keyFile))).code).toBe(
      'CLOUD_UNREACHABLE',
    );
  });

  it('is not asked for with a damaged key', async () => {
    const file = JSON.parse(google.keyFile) as Record<string, string>;
    const cut =
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
    const error = await failureOf(
      mint(JSON.stringify({ ...file, private_key: cut })),
    );
    expect(error.code).toBe('CLOUD_KEY_REFUSED');
    expect(error.message).not.toContain('AAAA');
  });
});

describe('a token of the server’s own account', () => {
  const opened: EgressAllowance[] = [];
  const openMetadata = (allowance: EgressAllowance) => {
    opened.push(allowance);
    return openEgress({ policy: { allow: [allowance] } });
  };

  it('comes from the metadata server, at its address alone', async () => {
    const minted = await mintGcpAmbient(
      openMetadata,
      () => clockMs,
      google.origin,
    );
    expect(minted.password).toBe(google.tokens.at(-1));
    expect(opened).toMatchObject([{ cidrs: ['127.0.0.1/32'] }]);
    expect(google.metadata).toHaveLength(1);
  });

  it('is asked for at Google’s metadata address otherwise', async () => {
    const asked: EgressAllowance[] = [];
    const error = await failureOf(
      mintGcpAmbient(
        (allowance) => {
          asked.push(allowance);
          return {
            request: () => Promise.reject(new Error('nobody')),
            close: () => Promise.resolve(),
          };
        },
        () => clockMs,
      ),
    );
    expect(error.code).toBe('CLOUD_IDENTITY_MISSING');
    expect(asked).toEqual([
      {
        host: '169.254.169.254',
        port: 80,
        scheme: 'http',
        cidrs: ['169.254.169.254/32'],
      },
    ]);
  });
});
