import { withBases } from './bases';
import type { Unkept } from './problem';
import {
  headed,
  layOut,
  literal,
  stringLiteral,
  type Part,
} from './python-layout';
import { baseName, clip } from '@/lib/imagespec/field-rules';
import { pyRepr } from '@/lib/imagespec/python-repr';
import { pyDict, pyList, pyStr } from '@/lib/imagespec/python-value';
import type { ImageSpec } from '@/lib/imagespec/schema';

/** Fields that Flyte 2 has nothing for, and what to do instead. */
const NO_COUNTERPART: Partial<Record<keyof ImageSpec, string>> = {
  builder:
    'The builder is set in the configuration of Flyte 2, not on the image.',
  conda_packages:
    'Flyte 2 installs nothing from conda. Find the packages for pip, or start from an image that has them.',
  conda_channels: 'Flyte 2 installs nothing from conda.',
  cuda: 'Start from an image that has CUDA.',
  cudnn: 'Start from an image that has cuDNN.',
  pip_secret_mounts:
    'Flyte 2 mounts its own secrets: give secret_mounts=[flyte.Secret(key=…)] to the layer that installs.',
  registry_config: 'Only the envd builder of flytekit 1 reads it.',
  entrypoint: 'An image of Flyte 2 keeps the entrypoint of its base.',
  tag_format: 'Flyte 2 computes its tags itself.',
  python_exec: 'Flyte 2 makes an environment of its own in the image.',
  runtime_packages:
    'Nothing is installed when a task starts. Put the packages into the image.',
  builder_options: 'The builder is set in the configuration of Flyte 2.',
  builder_config: 'The helper images of Flyte 2 cannot be chosen.',
};
const PLATFORMS = ['linux/amd64', 'linux/arm64'];

export type Flyte2Code = { text: string; unkept: Unkept[] };

/**
 * The chain of `flyte.Image` that comes nearest to a spec, with what it cannot hold. Layers stand in the order in which
 * flytekit 1 builds; those of a base that is a spec come first. flytekit itself is not added: Flyte 2 brings its own SDK.
 */
export function printFlyte2(spec: ImageSpec, variable = 'image'): Flyte2Code {
  const unkept: Unkept[] = [];
  const specs = withBases(spec).reverse();
  const [root = spec] = specs;
  const links = [
    ...start(spec, root, unkept),
    ...specs.flatMap((one) => layers(one, unkept)),
  ];
  const hasPath = links.some((link) => JSON.stringify(link).includes('Path('));
  const imports = [
    ...(hasPath ? ['from pathlib import Path', ''] : []),
    'import flyte',
  ];
  const [first = '', ...rest] = links;
  const line = `${variable} = ${layOut(first)}`;
  const chain =
    rest.length === 0 && line.length <= 88
      ? line
      : [
          `${variable} = (`,
          `    ${layOut(first, '    ')}`,
          ...rest.map((link) => `    ${layOut(link, '    ')}`),
          ')',
        ].join('\n');
  for (const one of specs)
    noteUnkept(one, one === spec ? '' : 'base_image.', unkept);
  return { text: `${imports.join('\n')}\n\n${chain}\n`, unkept };
}

/** Where the chain begins: a name, registry and version are the outer spec's, the base the innermost one's. */
function start(spec: ImageSpec, root: ImageSpec, unkept: Unkept[]): Part[] {
  const base = typeof root.base_image === 'string' ? root.base_image : '';
  const settings = [
    ...version(spec, unkept),
    ...(spec.registry
      ? [`registry=${stringLiteral(spec.registry.toLowerCase())}`]
      : []),
    `name=${stringLiteral(spec.name.toLowerCase())}`,
    ...platform(spec, unkept),
  ];
  return base === ''
    ? [call('flyte.Image.from_debian_base', settings)]
    : [
        call('flyte.Image.from_base', [stringLiteral(base)]),
        call('.clone', [...settings, 'extendable=True']),
      ];
}

function version(
  { python_version: written }: ImageSpec,
  unkept: Unkept[],
): Part[] {
  if (written === undefined || written === '') return [];
  const text = typeof written === 'string' ? written : pyRepr(written);
  const [major, minor, patch] = text.split('.');
  if (!minor) {
    unkept.push({
      field: 'python_version',
      reason: `Flyte 2 wants a version such as (3, 12), and this is ${text}.`,
    });
    return [];
  }
  if (patch !== undefined) {
    unkept.push({
      field: 'python_version',
      reason: `Flyte 2 chooses the last part of ${text} itself.`,
    });
  }
  return [`python_version=(${major}, ${minor})`];
}

/** flytekit 1 builds for linux/amd64 where nothing is said, Flyte 2 for two platforms. */
function platform({ platform: written }: ImageSpec, unkept: Unkept[]): Part[] {
  const named = (written ?? 'linux/amd64').split(',');
  const known = named.filter((one) => PLATFORMS.includes(one));
  if (known.length < named.length) {
    unkept.push({
      field: 'platform',
      reason: 'Flyte 2 builds for linux/amd64 and linux/arm64.',
    });
  }
  const [only, ...others] = known.map(stringLiteral);
  if (only === undefined) return [];
  return [
    `platform=(${others.length > 0 ? [only, ...others].join(', ') : `${only},`})`,
  ];
}

function layers(spec: ImageSpec, unkept: Unkept[]): Part[] {
  const out: Part[] = [];
  const add = (method: string, parts: readonly Part[]) =>
    out.push(call(`.${method}`, parts));
  if (spec.apt_packages?.length) {
    const words = spec.apt_packages.flatMap((entry) =>
      entry.trim().split(/\s+/),
    );
    add('with_apt_packages', words.map(stringLiteral));
  }
  if (spec.env?.length) add('with_env_vars', [literal(pyDict(spec.env))]);
  const install = pipOptions(spec);
  if (spec.requirements)
    out.push(...requirements(spec.requirements, install, unkept));
  if (spec.packages?.length) {
    add('with_pip_packages', [
      ...spec.packages.map((one) => stringLiteral(one.trim())),
      ...install,
    ]);
  }
  out.push(...sources(spec));
  out.push(...(spec.copy ?? []).map((entry) => copied(entry, unkept)));
  if (spec.commands?.length)
    add('with_commands', [literal(pyList(spec.commands))]);
  return out;
}

function requirements(
  path: string,
  install: readonly Part[],
  unkept: Unkept[],
): Part[] {
  const file = baseName(path);
  if (file !== 'uv.lock' && file !== 'poetry.lock') {
    if (!path.endsWith('.txt')) {
      const reason = `Flyte 2 reads requirements from a file that ends in .txt. Rename “${clip(path)}”.`;
      unkept.push({ field: 'requirements', reason });
      return [];
    }
    return [call('.with_requirements', [stringLiteral(path), ...install])];
  }
  const project = `${path.slice(0, -file.length)}pyproject.toml`;
  if (file === 'uv.lock')
    return [call('.with_uv_project', [stringLiteral(project), ...install])];
  const [extra] = install.filter((part) => isArgument(part, 'extra_args'));
  if (install.length > (extra ? 1 : 0)) {
    unkept.push({
      field: 'pip_index',
      reason: 'A poetry project names its indexes in pyproject.toml.',
    });
  }
  const parts = [stringLiteral(project), ...(extra ? [extra] : [])];
  return [call('.with_poetry_project', parts)];
}

function isArgument(part: Part, name: string): boolean {
  const text = typeof part === 'string' ? part : part.open;
  return text.startsWith(`${name}=`);
}

function pipOptions(spec: ImageSpec): Part[] {
  return [
    ...(spec.pip_index ? [`index_url=${stringLiteral(spec.pip_index)}`] : []),
    ...(spec.pip_extra_index_url?.length
      ? [headed('extra_index_urls=', tuple(spec.pip_extra_index_url))]
      : []),
    ...(spec.pip_extra_args
      ? [`extra_args=${stringLiteral(spec.pip_extra_args)}`]
      : []),
  ];
}

function sources({
  source_root: root,
  source_copy_mode: mode,
}: ImageSpec): Part[] {
  if (!root || mode === 'NO_COPY') return [];
  return mode === 'ALL'
    ? [
        call('.with_source_folder', [
          `Path(${stringLiteral(root)})`,
          'copy_contents_only=True',
        ]),
      ]
    : [call('.with_code_bundle', [])];
}

/** flytekit 1 looks whether a path is a file; here only its name can tell. */
function copied(entry: string, unkept: Unkept[]): Part {
  const path = entry.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  const name = baseName(path);
  const parent = path.slice(0, -name.length);
  const source = `Path(${stringLiteral(path === '' ? '.' : path)})`;
  if (/.\.\w+$/.test(name)) {
    const target = parent === '' ? [] : [`dst=${stringLiteral(parent)}`];
    return call('.with_source_file', [source, ...target]);
  }
  unkept.push({
    field: 'copy',
    reason: `“${clip(entry)}” is taken for a folder. If it is a file, write with_source_file.`,
  });
  const target = parent === '' ? [] : [`dst=${stringLiteral(path)}`];
  return call('.with_source_folder', [source, ...target]);
}

function noteUnkept(spec: ImageSpec, prefix: string, unkept: Unkept[]): void {
  for (const [field, reason] of Object.entries(NO_COUNTERPART)) {
    const value = spec[field as keyof ImageSpec];
    if (value !== undefined && value !== '')
      unkept.push({ field: prefix + field, reason });
  }
}

function tuple(texts: readonly string[]): Part {
  return literal({ type: 'tuple', items: texts.map(pyStr) });
}

function call(name: string, parts: readonly Part[]): Part {
  return { open: `${name}(`, parts, close: ')' };
}
