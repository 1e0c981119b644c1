import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { connectCommands, reachOf } from '@/lib/build/connect-worker';

const commands = connectCommands({
  serverUrl: 'https://images.example.com',
  code: 'one-time_code',
  name: 'Builder_1.big',
  version: '0.1.0',
});

it('connects a worker in a checkout', () => {
  expect(commands.node).toBe(
    'npm run worker -- --server https://images.example.com --code one-time_code',
  );
});

it('connects one in a container, which keeps who it is', () => {
  expect(commands.container).toContain('--name imageyard-builder-1-big ');
  expect(commands.container).toContain(
    'imageyard-builder-1-big:/var/lib/imageyard-worker',
  );
  expect(commands.container).toMatch(/--code one-time_code$/);
});

it('lets a container use the loopback of its machine where the server is there, and nowhere else', () => {
  const at = (serverUrl: string) =>
    connectCommands({ serverUrl, code: 'c', name: 'n', version: '1' })
      .container;
  expect(at('http://127.0.0.1:3000')).toContain('\n  --network host \\\n');
  expect(at('https://images.example.com')).not.toContain('--network');
});

it.each([
  ['https://images.example.com', 'anywhere'],
  ['https://127.0.0.1', 'anywhere'],
  ['http://127.0.0.1:3000', 'here'],
  ['http://localhost:3000', 'here'],
  ['http://[::1]:3000', 'here'],
  ['http://10.0.0.1:3000', 'nowhere'],
  ['http://localhost.example.com', 'nowhere'],
] as const)('says where workers may use %s: %s', (serverUrl, reach) => {
  expect(reachOf(serverUrl)).toBe(reach);
});

it('connects one in a cluster: the code is in a secret, and nowhere else', () => {
  const documents = parseAllDocuments(commands.kubernetes);
  expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
  const [secret, set] = documents.map(
    (document) => document.toJS() as Record<string, unknown>,
  );
  expect(secret).toMatchObject({
    kind: 'Secret',
    stringData: { code: 'one-time_code' },
  });
  expect(set).toMatchObject({
    kind: 'StatefulSet',
    metadata: { name: 'imageyard-worker-builder-1-big' },
  });
  expect(JSON.stringify(set)).not.toContain('one-time_code');
});
