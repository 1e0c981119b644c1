import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { connectCommands } from '@/lib/build/connect-worker';

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
