import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptySpec, type ImageSpec } from '@/lib/imagespec/schema';
import type { Finding, LintInput, Severity } from './finding';
import { lintSpec } from './lint';

type Given = Partial<ImageSpec>;
type Around = {
  requirements?: string;
  clusterPlatforms?: string[];
  others?: { name: string; spec: Given }[];
};

function lint(given: Given, around: Around = {}): Finding[] {
  const input: LintInput = {
    spec: { ...emptySpec(), ...given },
    requirements: around.requirements ?? null,
    context: {
      clusterPlatforms: around.clusterPlatforms ?? [],
      flytekitVersion: '1.16.31',
      others: (around.others ?? []).map(({ name, spec }) => ({
        name,
        spec: { ...emptySpec(), ...spec },
      })),
    },
  };
  return lintSpec(input);
}

function of(rule: string, findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => finding.rule === rule);
}

const TOKEN = `ghp_${'a1'.repeat(18)}`;

/** A rule, what it has to find, and, where it offers a fix, the spec after it. */
const HITS: [
  rule: string,
  given: Given,
  found: [Severity, Finding['field'], line?: number][],
  around?: Around,
  fixed?: Given,
][] = [
  [
    'unpinned-package',
    { packages: ['a==1', 'b'] },
    [['warning', 'packages', 2]],
  ],
  [
    'unpinned-package',
    { packages: ['b[x] ; python_version < "3.13"'] },
    [['warning', 'packages', 1]],
  ],
  [
    'unpinned-package',
    { packages: ['git+https://github.com/acme/x.git'] },
    [['warning', 'packages', 1]],
  ],
  [
    'unpinned-package',
    { packages: ['x @ git+https://github.com/acme/x@main'] },
    [['warning', 'packages', 1]],
  ],
  [
    'unpinned-package',
    { requirements: 'r.txt' },
    [
      ['warning', 'requirements', 2],
      ['warning', 'requirements', 4],
    ],
    { requirements: '# c\npandas\n\nnumpy # any\n--index-url x\nscipy==1' },
  ],
  [
    'unpinned-package',
    { conda_packages: ['a=1 b', 'c==2'] },
    [['warning', 'conda_packages', 1]],
  ],
  [
    'unpinned-package',
    { runtime_packages: ['ipdb'] },
    [['warning', 'runtime_packages', 1]],
  ],
  [
    'version-range',
    { packages: ['a==1', 'b>=2', 'c==2.*', 'd~=1.0', 'e<3,>=2'] },
    [['info', 'packages', 2]],
  ],
  ['apt-version', { apt_packages: ['git', 'a=1'] }, [['info', 'apt_packages']]],
  [
    'package-twice',
    { packages: ['a==1', 'b==1', 'a==1'] },
    [['warning', 'packages', 3]],
    {},
    { packages: ['a==1', 'b==1'] },
  ],
  [
    'flytekit-missing',
    { packages: ['flytekitplugins-spark==1'] },
    [['info', 'packages']],
    {},
    { packages: ['flytekitplugins-spark==1', 'flytekit==1.16.31'] },
  ],
  [
    'flytekit-missing',
    {},
    [['info', 'packages']],
    {},
    { packages: ['flytekit==1.16.31'] },
  ],
  [
    'flytekit-missing',
    { requirements: 'a/uv.lock' },
    [['error', 'requirements']],
    { requirements: '[[package]]\nname = "flytekitplugins-spark"\n' },
  ],
  [
    'flytekit-doubled',
    { packages: ['flytekit==1.16.0', 'flytekit>=1.14'] },
    [['error', 'packages', 2]],
  ],
  [
    'flytekit-doubled',
    { requirements: 'r.txt', packages: ['flytekit==1.16.0'] },
    [['warning', 'packages', 1]],
    { requirements: 'flytekit==1.16.0' },
  ],
  [
    'flytekit-unknown',
    { packages: ['a==1', 'Flytekit==1.16.0'] },
    [['error', 'packages', 2]],
    {},
    { packages: ['a==1', 'flytekit==1.16.0'] },
  ],
  [
    'flytekit-unknown',
    { packages: ['git+https://github.com/flyteorg/flytekit.git@v1'] },
    [['error', 'packages', 1]],
    {},
    {
      packages: ['flytekit @ git+https://github.com/flyteorg/flytekit.git@v1'],
    },
  ],
  [
    'flytekit-unknown',
    { requirements: 'r.txt' },
    [['error', 'requirements', 1]],
    { requirements: 'FLYTEKIT==1' },
  ],
  ['floating-base', { base_image: 'debian' }, [['warning', 'base_image']]],
  [
    'floating-base',
    { base_image: 'ghcr.io/acme/base:latest' },
    [['warning', 'base_image']],
  ],
  [
    'platform-of-cluster',
    {},
    [['error', 'platform']],
    { clusterPlatforms: ['linux/arm64'] },
    { platform: 'linux/arm64' },
  ],
  [
    'platform-of-cluster',
    { platform: 'linux/arm64' },
    [['warning', 'platform']],
    { clusterPlatforms: ['linux/arm64', 'linux/amd64'] },
  ],
  [
    'platform-of-cluster',
    { platform: 'linux/s390x' },
    [['error', 'platform']],
    { clusterPlatforms: ['linux/arm64', 'linux/amd64'] },
  ],
  [
    'registry-address',
    { registry: 'https://ghcr.io/acme/' },
    [['error', 'registry']],
    {},
    { registry: 'ghcr.io/acme' },
  ],
  [
    'registry-address',
    { registry: 'ghcr.io/acme/' },
    [['error', 'registry']],
    {},
    { registry: 'ghcr.io/acme' },
  ],
  ['registry-address', { registry: 'https://' }, [['error', 'registry']]],
  [
    'localhost-platform',
    { registry: 'LOCALHOST:30000/a' },
    [['warning', 'platform']],
    {},
    { registry: 'LOCALHOST:30000/a', platform: 'linux/amd64' },
  ],
  ['cuda-refused', { cuda: '12.1' }, [['error', 'cuda']], {}, {}],
  [
    'cuda-refused',
    { cudnn: '', builder: 'default' },
    [['error', 'cudnn']],
    {},
    { builder: 'default' },
  ],
  [
    'cuda-refused',
    { cuda: '12', cudnn: '8' },
    [
      ['error', 'cuda'],
      ['error', 'cudnn'],
    ],
  ],
  [
    'python-number',
    { python_version: { type: 'float', value: 3.11 } },
    [['warning', 'python_version']],
    {},
    { python_version: '3.11' },
  ],
  [
    'python-number',
    { python_version: { type: 'float', value: 3.1 } },
    [['warning', 'python_version']],
  ],
  [
    'python-number',
    { python_version: { type: 'int', text: '3' } },
    [['warning', 'python_version']],
  ],
  ['loaded-modules', { source_root: 'src' }, [['error', 'source_root']]],
  [
    'loaded-modules',
    { source_root: 'src', source_copy_mode: 'LOADED_MODULES' },
    [['error', 'source_copy_mode']],
  ],
  [
    'spark-rewrites',
    { packages: ['flytekitplugins_spark==1.16.0'] },
    [['warning', 'base_image']],
  ],
  [
    'lock-and-packages',
    { requirements: 'poetry.lock', packages: ['a==1'] },
    [['error', 'packages']],
  ],
  [
    'lock-and-packages',
    { requirements: 'uv.lock', packages: [] },
    [['error', 'packages']],
    {},
    { requirements: 'uv.lock' },
  ],
  [
    'pyproject-as-requirements',
    { requirements: 'app/pyproject.toml' },
    [['error', 'requirements']],
  ],
  [
    'conda-and-uv',
    { conda_packages: ['scipy=1'], packages: ['pandas==2'] },
    [['info', 'conda_packages']],
  ],
  [
    'conda-and-uv',
    { conda_packages: ['x::NumPy=1 scipy=1'], packages: ['a==1', 'numpy==2'] },
    [['warning', 'packages', 2]],
  ],
  [
    'python-exec-and-conda',
    {
      python_exec: '/usr/bin/python3',
      conda_channels: ['x'],
      conda_packages: ['y=1'],
    },
    [
      ['error', 'conda_packages'],
      ['error', 'conda_channels'],
    ],
  ],
  [
    'python-version-unused',
    { python_exec: '/usr/bin/python3', python_version: '3.12' },
    [['info', 'python_version']],
  ],
  [
    'pip-in-commands',
    {
      commands: ['make', 'uv pip install requests==2 "pandas>=2"'],
      packages: ['a==1'],
    },
    [['warning', 'commands', 2]],
    {},
    { commands: ['make'], packages: ['a==1', 'requests==2', 'pandas>=2'] },
  ],
  [
    'pip-in-commands',
    { commands: ['python -m pip install requests==2'] },
    [['warning', 'commands', 1]],
    {},
    { packages: ['requests==2'] },
  ],
  [
    'pip-in-commands',
    { commands: ['cd /x && pip install -r r.txt', 'pip install ./wheel.whl'] },
    [
      ['warning', 'commands', 1],
      ['warning', 'commands', 2],
    ],
  ],
  [
    'pip-in-commands',
    { commands: ['pip install a'], requirements: 'uv.lock' },
    [['warning', 'commands', 1]],
  ],
  [
    'runtime-packages',
    { runtime_packages: ['a==1'] },
    [['info', 'runtime_packages']],
  ],
  [
    'credential-in-address',
    { pip_index: 'https://robot:hunter2@pypi.example.com/simple' },
    [['error', 'pip_index']],
  ],
  [
    'credential-in-address',
    {
      pip_extra_index_url: [
        'https://a.example.com',
        'https://sometokenvalue1@b.example.com/s',
      ],
      packages: ['git+https://x:y@github.com/acme/z@v1'],
      commands: ['curl https://u:p@example.com'],
      requirements: 'r.txt',
    },
    [
      ['error', 'packages', 1],
      ['error', 'requirements', 2],
      ['error', 'pip_extra_index_url', 2],
      ['error', 'commands', 1],
    ],
    { requirements: 'a==1\n--index-url https://u:p@example.com/simple' },
  ],
  [
    'known-token',
    {
      env: [
        ['A', 'x'],
        ['B', TOKEN],
      ],
      commands: [`login AKIA${'A1'.repeat(8)}`],
    },
    [
      ['error', 'env', 2],
      ['error', 'commands', 1],
    ],
  ],
  [
    'secret-in-env',
    {
      env: [
        ['DB_PASSWORD', 'hunter2'],
        ['hf_token', 'abcdef1'],
        ['AWS_SECRET_ACCESS_KEY', 'x+y/z'],
      ],
    },
    [
      ['warning', 'env', 1],
      ['warning', 'env', 2],
      ['warning', 'env', 3],
    ],
  ],
  ['fixed-tag', { tag_format: 'latest' }, [['warning', 'tag_format']]],
  [
    'fixed-tag',
    { tag_format: 'v1{spec_hash:.0}' },
    [['warning', 'tag_format']],
  ],
  [
    'shared-tag',
    { name: 'Train', registry: 'GHCR.io/acme', tag_format: 'v1' },
    [['error', 'tag_format']],
    {
      others: [
        {
          name: 'other',
          spec: {
            name: 'train',
            registry: 'ghcr.io/acme',
            tag_format: 'v{spec_hash:.0}1',
          },
        },
      ],
    },
  ],
  ['short-hash', { tag_format: '{spec_hash:.4}' }, [['warning', 'tag_format']]],
];

/** What comes close to a rule and is fine. */
const MISSES: [rule: string, given: Given, around?: Around][] = [
  [
    'unpinned-package',
    {
      packages: [
        'a==1',
        'b===1.0',
        'c[x] == 2 ; python_version < "3"',
        'd>=1',
        'e (==2)',
        'git+https://github.com/acme/x@0123abc',
        'git+ssh://git@github.com/acme/x.git@v1.2',
        'f @ https://example.com/f-1.whl',
        'flytekit',
      ],
      conda_packages: ['a=1', 'b>=2', 'x::c==3'],
    },
  ],
  [
    'unpinned-package',
    { requirements: 'uv.lock' },
    { requirements: 'version = 1\npandas' },
  ],
  [
    'unpinned-package',
    { requirements: 'r.txt' },
    { requirements: 'a==1 \\\n  --hash=sha256:ab\n-e ./x\n' },
  ],
  ['version-range', { packages: ['a==1', 'b'] }],
  ['apt-version', { apt_packages: ['a=1', 'b/bookworm'] }],
  ['package-twice', { packages: ['a==1', 'a == 1', 'A==1'] }],
  ['flytekit-missing', { packages: ['flytekit'] }],
  ['flytekit-missing', { packages: ['flytekit[all]>=1.14'] }],
  ['flytekit-missing', { requirements: 'r.txt' }],
  [
    'flytekit-missing',
    { requirements: 'r.txt' },
    { requirements: 'flytekit==1' },
  ],
  ['flytekit-missing', { builder: 'noop' }],
  [
    'flytekit-missing',
    { requirements: 'uv.lock' },
    { requirements: 'name = "flytekit"\n' },
  ],
  [
    'flytekit-doubled',
    {
      packages: ['flytekit==1', 'flytekitplugins-spark==1'],
      runtime_packages: ['flytekit==1'],
    },
  ],
  [
    'flytekit-unknown',
    {
      packages: [
        'flytekit @ git+https://github.com/flyteorg/flytekit.git@v1',
        'flytekitplugins-spark',
      ],
    },
  ],
  ['floating-base', { base_image: 'debian:bookworm-slim' }],
  ['floating-base', { base_image: `debian@sha256:${'a'.repeat(64)}` }],
  ['floating-base', { base_image: `debian:latest@sha256:${'a'.repeat(64)}` }],
  ['floating-base', { base_image: 'localhost:5000/latest:1' }],
  ['floating-base', { base_image: 'No Reference' }],
  ['floating-base', { base_image: emptySpec() }],
  ['floating-base', {}],
  ['platform-of-cluster', {}, { clusterPlatforms: ['linux/amd64'] }],
  [
    'platform-of-cluster',
    { platform: 'linux/arm64,linux/amd64' },
    { clusterPlatforms: ['linux/amd64', 'linux/arm64'] },
  ],
  ['platform-of-cluster', { platform: 'linux/s390x' }],
  ['registry-address', { registry: 'ghcr.io/acme' }],
  ['registry-address', { registry: 'localhost:30000' }],
  ['registry-address', {}],
  [
    'localhost-platform',
    { registry: 'localhost:30000', platform: 'linux/arm64' },
  ],
  ['localhost-platform', { registry: 'localhost.example.com' }],
  ['cuda-refused', { cuda: '12.1', builder: 'envd' }],
  ['python-number', { python_version: '3.10' }],
  ['loaded-modules', { source_root: 'src', source_copy_mode: 'ALL' }],
  ['loaded-modules', { source_root: 'src', source_copy_mode: 'NO_COPY' }],
  [
    'spark-rewrites',
    { packages: ['flytekitplugins-spark==1'], base_image: 'apache/spark:3.5' },
  ],
  ['spark-rewrites', { packages: ['pyspark==3.5.0'] }],
  ['lock-and-packages', { requirements: 'uv.lock' }],
  [
    'lock-and-packages',
    { requirements: 'requirements.txt', packages: ['a==1'] },
  ],
  ['pyproject-as-requirements', { requirements: 'pyproject.toml.txt' }],
  ['conda-and-uv', { conda_packages: ['scipy=1'] }],
  ['conda-and-uv', { packages: ['scipy==1'] }],
  ['python-exec-and-conda', { conda_packages: ['x=1'] }],
  ['python-exec-and-conda', { python_exec: '/usr/bin/python3' }],
  ['python-version-unused', { python_version: '3.12' }],
  [
    'pip-in-commands',
    {
      commands: [
        'pip list',
        'npm install x',
        'pipx install y',
        'echo pip-install',
      ],
    },
  ],
  ['runtime-packages', { runtime_packages: [] }],
  [
    'credential-in-address',
    {
      pip_index: 'https://pypi.example.com/simple',
      pip_extra_index_url: [
        'https://${USER}:${TOKEN}@a.example.com/simple',
        'https://$TOKEN_VALUE_X@b.example.com',
      ],
      packages: [
        'git+ssh://git@github.com/acme/x@v1',
        'x @ https://example.com/x@1.whl',
      ],
    },
  ],
  [
    'known-token',
    {
      env: [
        ['A', 'sk-short'],
        ['B', 'ghp_short'],
        ['C', 'hf_hub'],
      ],
    },
  ],
  [
    'secret-in-env',
    {
      env: [
        ['TOKENIZERS_PARALLELISM', 'false'],
        ['MAX_TOKENS', '4096'],
        ['SECRET_TOKEN', '$HOME/x'],
        ['API_KEY', ''],
        ['DB_PASSWORD', '/run/secrets/db'],
        ['USE_TOKEN', 'true'],
        ['SECRETS_FOLDER', 'abc'],
      ],
    },
  ],
  ['fixed-tag', { tag_format: '{spec_hash}-gpu' }],
  ['fixed-tag', { tag_format: '' }],
  ['fixed-tag', { tag_format: '{broken' }],
  [
    'shared-tag',
    { name: 'a', tag_format: 'v1' },
    {
      others: [
        { name: 'b', spec: { name: 'a', tag_format: 'v2' } },
        { name: 'c', spec: { name: 'c', tag_format: 'v1' } },
        { name: 'd', spec: { name: 'a', tag_format: 'v1-{spec_hash}' } },
      ],
    },
  ],
  ['short-hash', { tag_format: '{spec_hash:.8}' }],
  ['short-hash', { tag_format: 'latest' }],
];

describe('lintSpec', () => {
  it.each(HITS)('finds %s in %j', (rule, given, found, around) => {
    const findings = of(rule, lint(given, around));
    expect(
      findings.map(({ severity, field, line }) =>
        line === undefined ? [severity, field] : [severity, field, line],
      ),
    ).toEqual(found);
    for (const { message, why } of findings) {
      expect(message).toMatch(/^\S.*[.…]$/s);
      expect(why).toMatch(/^\S.*[.\])]$/s);
    }
  });

  it.each(MISSES)('does not find %s in %j', (rule, given, around) => {
    expect(of(rule, lint(given, around))).toEqual([]);
  });

  it.each(HITS.filter(([, , , , fixed]) => fixed))(
    'mends %s in %j and touches nothing else',
    (rule, given, _found, around, fixed) => {
      const [finding] = of(rule, lint(given, around));
      const before = { ...emptySpec(), ...given };
      const kept = structuredClone(before);
      const after = finding?.fix?.apply(before);
      expect(before).toEqual(kept);
      expect(after).toStrictEqual({ ...emptySpec(), ...fixed });
      expect(of(rule, lint(after ?? {}, around))).toEqual([]);
    },
  );

  it.each(HITS.filter(([, , found, , fixed]) => !fixed && found.length === 1))(
    'offers no fix for %s in %j',
    (rule, given, _found, around) => {
      expect(of(rule, lint(given, around))[0]?.fix).toBeUndefined();
    },
  );

  it('has a hit and a near miss for each of its rules', () => {
    const hit = new Set(HITS.map(([rule]) => rule));
    const missed = new Set(MISSES.map(([rule]) => rule));
    expect(missed).toEqual(hit);
    for (const [, given, , around] of HITS) {
      for (const { rule } of lint(given, around)) expect(hit).toContain(rule);
    }
  });

  it('puts the gravest first, then follows the order of the fields', () => {
    const findings = lint({
      cuda: '12',
      packages: ['b', 'flytekit==1'],
      base_image: 'debian',
      apt_packages: ['git'],
      registry: 'https://ghcr.io',
    });
    expect(findings.map(({ rule }) => rule)).toEqual([
      'registry-address',
      'cuda-refused',
      'unpinned-package',
      'floating-base',
      'apt-version',
    ]);
  });

  it('says nothing of a spec that is all well', () => {
    expect(
      lint({
        packages: ['flytekit==1.16.31', 'pandas==2.2.2'],
        base_image: 'debian:bookworm-slim',
        registry: 'ghcr.io/acme',
        python_version: '3.12',
      }),
    ).toEqual([]);
  });

  it('repeats no secret', () => {
    const canary = 'hunter2-canary';
    const address = `git+https://robot:${canary}@github.com/flyteorg/flytekit.git`;
    const findings = lint(
      {
        packages: [address, address, `b @ ${address}`],
        commands: [`pip install ${address}`],
        env: [['API_TOKEN', canary]],
        pip_index: `https://robot:${canary}@example.com/simple`,
        requirements: 'r.txt',
      },
      {
        requirements: `--index-url https://robot:${canary}@example.com\n${address}`,
      },
    );
    expect(findings.length).toBeGreaterThan(8);
    expect(JSON.stringify(findings)).not.toContain(canary);
    expect(findings.map(({ fix }) => fix?.label).join()).not.toContain(canary);
  });

  it('ends on any texts', () => {
    const text = fc.string({
      unit: fc.constantFrom(
        'a',
        '=',
        '@',
        ':',
        '/',
        '#',
        ';',
        '[',
        ' ',
        '-',
        '+',
        '{',
        'git+https://',
        'pip install ',
      ),
    });
    fc.assert(
      fc.property(fc.array(text), text, text, (packages, other, format) => {
        const findings = lint(
          {
            packages,
            commands: packages,
            conda_packages: packages,
            registry: other,
            base_image: other,
            tag_format: format,
            requirements: 'r.txt',
          },
          { requirements: packages.join('\n') },
        );
        expect(Array.isArray(findings)).toBe(true);
      }),
    );
  });
});
