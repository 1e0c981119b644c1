import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { engineTrustCommands } from '@/lib/registry/engine-trust';
import { TEST_CA } from '@/lib/registry/testing/fake-registry';

it.each([
  'registry.example.com',
  'registry.example.com:5000',
  '[2001:db8::1]:5000',
])(
  'the lines for %s leave its certificates where an engine looks for them',
  (host) => {
    const root = mkdtempSync(path.join(tmpdir(), 'imageyard-trust-'));
    try {
      const lines = engineTrustCommands(host, TEST_CA)
        .replaceAll('sudo ', '')
        .replaceAll('/etc/docker', `${root}/docker`);
      execFileSync('sh', ['-eu', '-c', lines]);
      expect(
        readFileSync(path.join(root, 'docker/certs.d', host, 'ca.crt'), 'utf8'),
      ).toBe(`${TEST_CA.trim()}\n`);
    } finally {
      rmSync(root, { recursive: true });
    }
  },
);
