import type { Canonical } from '@/lib/imagespec/testing/canonical-dockerfile';
import { op } from '@/lib/imagespec/testing/shell-reader';
import type { ImageSpec } from '@/lib/imagespec/schema';

/** What the test knows of a case beside the spec. */
export type MendContext = {
  spec: ImageSpec;
  /** The base that is a spec, as it was built. */
  baseImage: string | undefined;
  /** Whether `source_root` has a file that is not ignored. */
  hasSource: boolean;
};

/** One way in which our instructions differ from those of flytekit's default builder on purpose. */
export type Mended = {
  fault: string;
  reason: string;
  /** flytekit's instructions as we write them. */
  mend: (all: Canonical[], context: MendContext) => Canonical[];
};

const AND = op('&&');
const VENV = '/root/.venv';
const isRun = (one: Canonical, word: string) =>
  one.keyword === 'RUN' && one.args.includes(word);
const each =
  (change: (one: Canonical, context: MendContext) => Canonical) =>
  (all: Canonical[], context: MendContext) =>
    all.map((one) => change(one, context));

/** Every difference, in the order in which they are applied. The first line (`#syntax`) is compared apart. */
export const MENDED: readonly Mended[] = [
  {
    fault: 'a RUN without a command',
    reason:
      'It makes an empty layer of every image whose spec has no commands.',
    mend: (all) =>
      all.filter(({ keyword, args }) => keyword !== 'RUN' || args.length > 0),
  },
  {
    fault: 'a stage of micromamba that python_exec does not need',
    reason:
      'The helper image would be pulled for its CA bundle alone, which the base has or does not want.',
    mend: (all, { spec }) =>
      spec.python_exec
        ? all.filter(
            ({ keyword, flags, args }) =>
              !(keyword === 'FROM' && args[2] === 'micromamba') &&
              !flags.some((flag) => flag.includes('from=micromamba')),
          )
        : all,
  },
  {
    fault: 'the CA bundle is copied over that of the base',
    reason:
      '`[ -f x ] || mkdir && cp` copies in both cases; a base with a company’s authority lost it.',
    mend: each((one) => {
      if (!isRun(one, '[')) return one;
      const bundle = '/etc/ssl/certs/ca-certificates.crt';
      return {
        ...one,
        args: [
          ...[
            'test',
            '-f',
            bundle,
            op('||'),
            '{',
            'mkdir',
            '-p',
            '/etc/ssl/certs',
            AND,
          ],
          ...['cp', '/tmp/ca-certificates.crt', bundle, op(';'), '}'],
        ],
      };
    }),
  },
  {
    fault: 'micromamba may ask',
    reason: 'Helper images other than the default do not answer for it.',
    mend: each((one) =>
      isRun(one, 'micromamba')
        ? {
            ...one,
            args: one.args.flatMap((word) =>
              word === 'create' || word === 'install'
                ? [word, '--yes']
                : [word],
            ),
          }
        : one,
    ),
  },
  {
    fault: 'the Python of the machine that registers',
    reason:
      'The same spec gave other images on other laptops; one version is fixed, and said.',
    mend: each((one, { spec }) =>
      isRun(one, 'micromamba') && !spec.python_version
        ? {
            ...one,
            args: one.args.map((word) =>
              word.startsWith('python=3.') ? 'python=3.12' : word,
            ),
          }
        : one,
    ),
  },
  {
    fault: 'caches under names that others use, and uv’s locked',
    reason:
      'Other builds of the machine do not mix with ours, and builds do not wait for each other; uv locks by itself.',
    mend: each((one) => ({
      ...one,
      flags: one.flags.map((flag) =>
        flag
          .replace(
            'id=uv,mode=0777,sharing=locked',
            'id=uv,mode=0777,sharing=shared',
          )
          .replace(/id=(apt|uv|micromamba|poetry),/, 'id=imageyard-$1,'),
      ),
    })),
  },
  {
    fault: 'env values unquoted, beside the variables they refer to',
    reason:
      'A space broke the Dockerfile; an instruction of their own lets $PATH in them hold the new Python.',
    mend: (all, { spec }) =>
      all.flatMap((one) => {
        if (!one.args.includes('UV_COMPILE_BYTECODE=1')) return [one];
        const values = new Map(
          one.args.map((pair) => [pair.split('=', 1)[0] ?? '', pair]),
        );
        const own = (spec.env ?? []).map(([key]) => values.get(key) ?? '');
        return [
          { ...one, args: [...one.args.slice(0, 6), 'PYTHONPATH=/root'] },
          ...(own.length > 0 ? [{ ...one, args: own }] : []),
        ];
      }),
  },
  {
    fault: 'secrets that may be missing',
    reason:
      'Without its secret an install fails later, and says something else.',
    mend: each((one) => ({
      ...one,
      flags: one.flags.map((flag) =>
        flag.replace(
          /(id=secret_\d+),(target=.*),type=secret$/,
          '$1,required=true,$2,type=secret',
        ),
      ),
    })),
  },
  {
    fault: 'lock files with python_exec, whose environment nobody makes',
    reason:
      'UV_PYTHON names an interpreter in /root/.venv before there is one, and uv fails.',
    mend: (all, { spec: { python_exec: path } }) =>
      path ? all.map((one) => withEnvironment(one, path)) : all,
  },
  {
    fault: 'the environment of a nested base is replaced',
    reason:
      'With python_exec the packages of the base were lost, and newer releases of uv refuse.',
    mend: each((one, { spec }) => {
      const at = one.args.indexOf('venv');
      return isRun(one, 'venv') && typeof spec.base_image === 'object'
        ? { ...one, args: one.args.toSpliced(at + 1, 0, '--allow-existing') }
        : one;
    }),
  },
  {
    fault: 'copied files lie among the builder’s own',
    reason:
      'A project with a `src`, a `Dockerfile` or a `.dockerignore` changed the build; a folder keeps them apart.',
    mend: each((one) => {
      const [source = '', target = ''] = one.args;
      if (one.keyword !== 'COPY' || source === './src') return one;
      const from = source === '.' ? 'copy' : `copy/${source}`;
      return { ...one, args: [from, target.replaceAll('/./', '/')] };
    }),
  },
  {
    fault: 'a COPY of nothing',
    reason: 'With every file of source_root ignored there is nothing to copy.',
    mend: (all, { hasSource }) =>
      hasSource ? all : all.filter(({ args }) => args[0] !== './src'),
  },
  {
    fault: 'images named like a stage',
    reason: 'FROM uv would mean the stage, not the image.',
    mend: each((one) =>
      one.keyword === 'FROM' && ['uv', 'micromamba'].includes(one.args[0] ?? '')
        ? {
            ...one,
            args: [`docker.io/library/${one.args[0]}`, ...one.args.slice(1)],
          }
        : one,
    ),
  },
  {
    fault: 'a base that is a spec, by its tag',
    reason: 'The tag may have moved since it was built; its digest has not.',
    mend: (all, { baseImage }) => {
      const bases = all.filter(
        ({ keyword, args }) => keyword === 'FROM' && args.length === 1,
      );
      return baseImage === undefined
        ? all
        : all.map((one) =>
            bases.includes(one) ? { ...one, args: [baseImage] } : one,
          );
    },
  },
];

function withEnvironment(one: Canonical, path: string): Canonical {
  const venv = ['uv', 'venv', '--python', path];
  const ofBase = [...venv, '--system-site-packages', VENV, AND];
  if (isRun(one, 'sync')) return { ...one, args: [...ofBase, ...one.args] };
  if (isRun(one, 'poetry') && one.args[0] === 'uv') {
    const install = [
      'uv',
      'pip',
      'install',
      '--python',
      '/opt/poetry/bin/python',
      'poetry',
    ];
    return { ...one, args: [...venv, '/opt/poetry', AND, ...install] };
  }
  if (!isRun(one, 'poetry')) return one;
  const [cache = '', ...mounts] = one.flags;
  const uv = [
    '--mount=id=imageyard-uv,mode=0777,sharing=shared,target=/root/.cache/uv,type=cache',
    '--mount=from=uv,source=/uv,target=/usr/bin/uv,type=bind',
  ];
  return {
    ...one,
    flags: [cache, ...uv, ...mounts],
    args: [...ofBase, '/opt/poetry/bin/poetry', ...one.args.slice(1)],
  };
}
