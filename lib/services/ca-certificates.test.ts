import { readFileSync } from 'node:fs';
import path from 'node:path';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { auditEvents } from '@/db/schema';
import { makeActor } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import {
  startFakeRegistry,
  TEST_CA,
} from '@/lib/registry/testing/fake-registry';
import { readCertificates } from '@/lib/services/ca-certificates';
import { createRegistry, updateRegistry } from '@/lib/services/registries';
import { testRegistry } from '@/lib/services/registry-test';
import { getRegistry } from '@/lib/services/registry-views';

const PASSWORD = 'canary-ca-1f00';
const TLS = path.join(import.meta.dirname, '../registry/testdata/tls');
const KEY = readFileSync(path.join(TLS, 'server.key'), 'utf8');
const SERVER = readFileSync(path.join(TLS, 'server.crt'), 'utf8');
let actor: Actor;

beforeEach(async () => {
  actor = await makeActor();
});

const place = (host: string, caCertificates?: string) => ({
  name: host,
  host,
  namespace: '',
  plainHttp: false,
  allowPrivate: true,
  credential: null,
  ...(caCertificates === undefined ? {} : { caCertificates }),
});

describe('readCertificates', () => {
  it('keeps the certificates and nothing round them', () => {
    const pem = `# ours\r\n${TEST_CA.replaceAll('\n', '\r\n')}\nand\n${SERVER}`;
    const read = readCertificates(pem) ?? '';
    expect(read.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(read).not.toMatch(/ours|and\n|\r/);
    expect(readCertificates(read)).toBe(read);
    expect(readCertificates('  \n')).toBeNull();
  });

  it.each([
    ['text', 'hello', 'no PEM'],
    ['a private key', KEY, 'private key'],
    ['a key beside a certificate', `${TEST_CA}${KEY}`, 'private key'],
    [
      'a broken certificate',
      `${TEST_CA}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`,
      'Part 2',
    ],
    [
      'something else',
      '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
      'Part 1',
    ],
    ['too many', TEST_CA.repeat(51), '50'],
  ])('refuses %s at the field', (_, pem, message) => {
    expect(() => readCertificates(pem)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        fields: { caCertificates: expect.stringContaining(message) as string },
      }) as Error,
    );
  });
});

describe('certificates of a registry', () => {
  it('let a test through that is refused without them', async () => {
    const fake = await startFakeRegistry({
      mode: 'basic',
      users: { robot: PASSWORD },
    });
    try {
      const { id } = await createRegistry(actor, place(fake.host));
      const test = { registryId: id, purpose: 'push' as const };
      await expect(testRegistry(actor, test)).rejects.toMatchObject({
        code: 'REGISTRY_TLS',
      });
      await updateRegistry(actor, {
        ...place(fake.host, TEST_CA),
        registryId: id,
      });
      expect(await testRegistry(actor, test)).toMatchObject({
        isAnonymous: true,
      });
      const { certificates } = await getRegistry(actor, id);
      expect(certificates).toEqual([
        {
          subject: expect.stringContaining('CN=') as string,
          expiresAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
          fingerprint: expect.stringMatching(/^[0-9A-F:]{95}$/) as string,
          isAuthority: true,
        },
      ]);
    } finally {
      await fake.close();
    }
  });

  it('stay when nothing is said of them, and go with an empty text', async () => {
    const host = 'registry.example.com';
    const { id } = await createRegistry(actor, place(host, TEST_CA));
    await updateRegistry(actor, { ...place(host), registryId: id });
    expect((await getRegistry(actor, id)).certificates).toHaveLength(1);
    await updateRegistry(actor, { ...place(host, ''), registryId: id });
    expect((await getRegistry(actor, id)).caCertificates).toBeNull();
    const events = await db()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.subjectId, id));
    expect(
      events.map(({ detail }) => detail.hasOwnCa ?? detail.caChanged),
    ).toEqual(expect.arrayContaining([true, false]) as unknown[]);
  });

  it("are the owner's to change; a member may change the rest", async () => {
    const host = 'registry.example.com';
    const member = await makeActor({ role: 'member', teamId: actor.teamId });
    const refusal = {
      code: 'NOT_ALLOWED',
      fields: { caCertificates: expect.any(String) as string },
    };
    await expect(
      createRegistry(member, place(host, TEST_CA)),
    ).rejects.toMatchObject(refusal);
    const { id } = await createRegistry(actor, place(host, TEST_CA));
    const stored = (await getRegistry(actor, id)).caCertificates ?? '';
    await expect(
      updateRegistry(member, { ...place(host, ''), registryId: id }),
    ).rejects.toMatchObject(refusal);
    await updateRegistry(member, {
      ...place(host, stored),
      name: 'Renamed',
      registryId: id,
    });
    expect(await getRegistry(actor, id)).toMatchObject({
      name: 'Renamed',
      caCertificates: stored,
    });
  });
});
