import path from 'node:path';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;
const alias = {
  '@': root,
  'server-only': path.join(root, 'node_modules/server-only/empty.js'),
};
const ENGINE = '{lib,worker}/**/*.engine.test.ts';
const ENGINES = '{lib,worker}/**/*.engines.test.ts';
const SERVICE = [
  'lib/services/**/*.test.ts',
  'lib/jobs/**/*.test.ts',
  'db/**/*.test.ts',
  '{lib,start,worker}/**/*.service.test.ts',
];

export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          // Two cores run everything at once, and the first lint of a process loads every rule.
          testTimeout: 30_000,
          // Loading the modules anew for each file costs more than the tests; the linter keeps `vi.mock` out of these files.
          isolate: false,
          maxWorkers: '100%',
          sequence: { groupOrder: 1 },
          include: ['**/*.test.ts', '**/*.test.tsx'],
          exclude: [
            '**/node_modules/**',
            '.next/**',
            '.cache/**',
            'e2e/**',
            ENGINE,
            ENGINES,
            ...SERVICE,
          ],
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'service',
          include: SERVICE,
          globalSetup: 'db/testing/global-setup.ts',
          setupFiles: 'db/testing/setup-file.ts',
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'bench',
          include: ['bench/**/*.bench.ts'],
          globalSetup: 'db/testing/global-setup.ts',
          setupFiles: 'db/testing/setup-file.ts',
          testTimeout: 600_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'engine',
          include: [ENGINE],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'engines',
          // The suite of the first engine, which `npm test` runs too, and those of all the others.
          include: ['worker/**/suite.engine.test.ts', ENGINES],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
