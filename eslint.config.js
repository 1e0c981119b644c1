import next from 'eslint-config-next/core-web-vitals';
import tseslint from 'typescript-eslint';

// One ring per line: what a folder must NOT import. `docs/ARCHITECTURE.md` holds the same table in words.
// In flat config the last matching entry replaces a rule's options, so the rings are kept disjoint.
const LEAVE = [
  ['../*'],
  'Use @/ to leave a folder, so that the import rules can see it.',
];
const DB = [
  ['@/db', '@/db/*', 'drizzle-orm', 'drizzle-orm/*', 'pg'],
  'Only lib/services, lib/jobs and lib/auth talk to the database.',
];
const NEXT = [
  ['next', 'next/*', 'server-only'],
  'This folder knows nothing of Next; take what it needs as an argument.',
];
const AUTH = [
  ['next-auth', 'next-auth/*'],
  'Only lib/auth.ts (and components/auth, by next-auth/react) knows next-auth.',
];
const CLOUD = [
  ['@aws-sdk/*', 'jose'],
  'Only lib/registry/cloud signs for a cloud.',
];
const REACT = [
  ['react', 'react-dom', 'react/*', '@tanstack/*'],
  'This folder knows nothing of React.',
];
const DOCKER = [
  ['dockerode', '@grpc/*', 'protobufjs'],
  'Only the worker talks to a container engine.',
];
const CORE_IO = [
  [
    '@/lib/registry/client',
    '@/lib/registry/egress',
    '@/lib/registry/egress-policy',
    '@/lib/registry/cloud/*',
    '@/lib/build/project-archive',
  ],
  'Components see pure core only; the network belongs to services.',
];
const UP = (...names) => [
  names.flatMap((name) => [`@/${name}`, `@/${name}/**`]),
  'Imports point down: app → components → lib → db → core.',
];

const ring = (files, ...banned) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [...banned, LEAVE].map(([group, message]) =>
          group instanceof RegExp
            ? { regex: group.source, message }
            : { group, message },
        ),
      },
    ],
  },
});

const CORE = [
  'lib/{errors,error-codes}.ts',
  'lib/{registry,imagespec,build}/**/*.ts',
];
const TESTS = ['**/*.test.ts', '**/*.test.tsx', '**/testing/**'];

export default tseslint.config(
  {
    ignores: [
      '.next/**',
      '.cache/**',
      'next-env.d.ts',
      'db/migrations/**',
      '**/testdata/**',
    ],
  },
  ...next,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false } },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      'max-lines': ['warn', { max: 300 }],
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx', '**/*.js'],
    ignores: [
      'start/**',
      'bench/**',
      'lib/env.ts',
      'worker/env.ts',
      'e2e/**',
      ...TESTS,
    ],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Read it in lib/env.ts or worker/env.ts.',
        },
      ],
    },
  },
  {
    files: ['**/*.test.ts', '**/*.test.tsx'],
    ignores: [
      '**/*.service.test.ts',
      '**/*.engine.test.ts',
      '**/*.engines.test.ts',
      'lib/{services,jobs}/**',
      'db/**',
    ],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['mock', 'doMock'].map((property) => ({
          object: 'vi',
          property,
          message:
            'Unit tests share their modules. Hand in a stand-in, or make it a *.service.test.ts.',
        })),
      ],
    },
  },
  { files: ['**/*.test.ts', 'e2e/**'], rules: { 'max-lines': 'off' } },
  {
    files: CORE,
    ignores: [
      ...TESTS,
      'lib/registry/client.ts',
      'lib/registry/egress.ts',
      'lib/registry/client/**',
    ],
    rules: {
      'no-restricted-globals': [
        'error',
        {
          name: 'fetch',
          message: 'Core is pure; IO lives in lib/registry/client.ts.',
        },
        {
          name: 'process',
          message: 'Core is pure; take the value as an argument.',
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'Core is pure; take the time as an argument.',
        },
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Core is pure; take the time as an argument.',
        },
      ],
    },
  },
  ring(
    CORE,
    NEXT,
    REACT,
    DB,
    DOCKER,
    AUTH,
    UP(
      'app',
      'components',
      'worker',
      'lib/services',
      'lib/actions',
      'lib/queries',
      'lib/jobs',
      'lib/auth',
      'lib/env',
      'lib/crypto',
    ),
  ),
  ring(
    ['lib/env.ts', 'lib/log.ts'],
    NEXT,
    REACT,
    DB,
    DOCKER,
    CLOUD,
    AUTH,
    UP('app', 'components', 'worker', 'lib/services'),
  ),
  ring(
    ['db/*.ts', 'db/!(testing)/**/*.ts'],
    NEXT,
    REACT,
    DOCKER,
    CLOUD,
    AUTH,
    UP(
      'app',
      'components',
      'worker',
      'lib/services',
      'lib/actions',
      'lib/queries',
      'lib/auth',
    ),
  ),
  ring(
    [
      'lib/services/**',
      'lib/jobs/**',
      'lib/{action,api,crypto,event-stream}.ts',
    ],
    [['react', 'react-dom', '@tanstack/*'], 'Services know nothing of React.'],
    DOCKER,
    CLOUD,
    AUTH,
    UP('app', 'components', 'worker', 'lib/actions', 'lib/queries'),
  ),
  ring(
    ['lib/auth.ts'],
    DOCKER,
    CLOUD,
    UP('app', 'components', 'worker', 'lib/actions', 'lib/queries'),
  ),
  ring(
    ['lib/actions/**'],
    DB,
    DOCKER,
    CLOUD,
    AUTH,
    UP('app', 'components', 'worker', 'lib/queries'),
  ),
  ring(
    ['lib/queries/**'],
    DB,
    DOCKER,
    CLOUD,
    AUTH,
    UP('app', 'components', 'worker', 'lib/services', 'lib/jobs', 'lib/auth'),
  ),
  ring(
    ['components/!(auth)/**', 'components/*'],
    DB,
    DOCKER,
    CLOUD,
    AUTH,
    CORE_IO,
    UP(
      'app',
      'worker',
      'lib/services',
      'lib/jobs',
      'lib/crypto',
      'lib/env',
      'lib/auth',
    ),
  ),
  ring(
    ['components/auth/**'],
    DB,
    DOCKER,
    CLOUD,
    [/^next-auth(?!\/react$)/, 'Components use next-auth/react only.'],
    UP('app', 'worker', 'lib/services', 'lib/jobs'),
  ),
  ring(['app/**'], DB, DOCKER, CLOUD, AUTH, UP('worker')),
  ring(
    ['worker/**'],
    [['next', 'next/*', 'server-only'], 'The worker is not part of Next.'],
    REACT,
    DB,
    CLOUD,
    AUTH,
    UP(
      'app',
      'components',
      'lib/services',
      'lib/actions',
      'lib/queries',
      'lib/jobs',
      'lib/auth',
      'lib/env',
      'lib/crypto',
    ),
  ),
);
