import type * as os from 'node:os';
import { networkInterfaces } from 'node:os';
import { afterEach, expect, it, vi } from 'vitest';

vi.mock('node:os', async (original) => ({
  ...(await original<typeof os>()),
  networkInterfaces: vi.fn(),
}));

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

const at = (address: string) => ({ address }) as never;

async function ranges(deny?: string): Promise<string[]> {
  if (deny !== undefined) vi.stubEnv('IMAGEYARD_EGRESS_DENY', deny);
  vi.mocked(networkInterfaces).mockReturnValue({
    lo: [at('127.0.0.1'), at('::1')],
    eth0: [at('10.1.2.3'), at('8.8.4.4'), at('2a00:1450:4001:800::1')],
  });
  const { deniedRanges } = await import('@/lib/services/denied-ranges');
  return deniedRanges();
}

it('holds the public addresses of this machine, which the other rules would let through', async () => {
  expect(await ranges()).toEqual(['8.8.4.4/32', '2a00:1450:4001:800::1/128']);
});

it('holds what the operator adds', async () => {
  expect(await ranges('203.0.113.0/24, 2001:4860::/32')).toEqual([
    '8.8.4.4/32',
    '2a00:1450:4001:800::1/128',
    '203.0.113.0/24',
    '2001:4860::/32',
  ]);
});

it('stops the start when that is no list of ranges', async () => {
  await expect(ranges('203.0.113.0/24;x')).rejects.toThrow(
    /IMAGEYARD_EGRESS_DENY: .*CIDR/,
  );
});
