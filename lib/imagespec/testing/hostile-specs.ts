import fc from 'fast-check';
import { copyRule } from '@/lib/imagespec/copy-rules';
import { FIELD_ORDER } from '@/lib/imagespec/fields';
import {
  entrypointRule,
  envKeyRule,
  type FieldRule,
  singleLine,
} from '@/lib/imagespec/field-rules';
import {
  condaChannelRule,
  condaPackageRule,
  indexRule,
  pipArgumentsRule,
  secretSourceRule,
} from '@/lib/imagespec/install-rules';
import { commandRule, packageRule } from '@/lib/imagespec/package-rules';
import { pyStr } from '@/lib/imagespec/python-value';

const HOSTILE = [
  'RUN id',
  '\nRUN id',
  '\r\nUSER root\r\n',
  '\\\nRUN id',
  '" RUN id "',
  "' ; id; '",
  "'",
  '"',
  '\\',
  '\\\\',
  '\\\n',
  ' \\ ',
  '# syntax=evil',
  '#',
  '--mount=type=secret,id=x',
  '--chown=root',
  '["sh"]',
  '[ "a" ]',
  '", "/etc/passwd"]',
  '$(id)',
  '`id`',
  '${X}',
  '${',
  '${X:-}',
  '${X:+$Y}',
  '$X',
  '\\$X',
  '$',
  '<<EOF',
  ' <<EOF ',
  'cat 0<<EOF',
  '<<-"A"',
  ' AS uv',
  'uv',
  'a=b c=d',
  ',required=false,target=/etc',
  '\0',
  '\u2028',
  '\u0085',
  '日本',
  '=',
  '&&',
  ';',
  '*',
  '?',
  '[a-z]',
  '../..',
  '/',
  '  ',
  '\t',
];

const piece = fc.oneof(
  { arbitrary: fc.constantFrom(...HOSTILE), weight: 3 },
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom('a', 'git', 'pandas', 'x1', 'ghcr.io/x/y:1', 'A'),
);

/** Text made to break out of wherever it is written. */
export const hostileText = fc
  .array(piece, { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''));

const hostileList = fc.array(hostileText, { maxLength: 4 });
const hostilePairs = fc.array(fc.tuple(hostileText, hostileText), {
  maxLength: 4,
});
const helperPairs = (image: fc.Arbitrary<string>) =>
  fc.uniqueArray(
    fc.tuple(fc.constantFrom('uv_image', 'micromamba_image'), image),
    { maxLength: 2, selector: ([name]) => name },
  );

const hostileFields = fc.record(
  {
    name: hostileText,
    python_version: hostileText,
    builder: hostileText,
    source_root: hostileText,
    env: hostilePairs,
    registry: hostileText,
    packages: hostileList,
    conda_packages: hostileList,
    conda_channels: hostileList,
    requirements: hostileText,
    apt_packages: hostileList,
    cuda: hostileText,
    cudnn: hostileText,
    base_image: fc.oneof(hostileText, fc.record({ name: hostileText })),
    platform: hostileText,
    pip_index: hostileText,
    pip_extra_index_url: hostileList,
    pip_secret_mounts: hostilePairs,
    pip_extra_args: hostileText,
    registry_config: hostileText,
    entrypoint: hostileList,
    commands: hostileList,
    tag_format: hostileText,
    source_copy_mode: hostileText,
    copy: hostileList,
    python_exec: hostileText,
    runtime_packages: hostileList,
    builder_options: fc.array(fc.tuple(hostileText, hostileText.map(pyStr))),
    builder_config: helperPairs(hostileText),
  },
  { requiredKeys: [] },
);

/** Hostile text in any field, most often in a single one, so that the rules of each are what lets it through. */
export const hostileSpec: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  hostileFields,
  {
    arbitrary: fc
      .tuple(hostileFields, fc.constantFrom(...FIELD_ORDER))
      .map(([fields, name]) => ({ [name]: fields[name] })),
    weight: 3,
  },
);

/** Hostile text that a field's own rule takes, around what the field needs to be at all. */
function taken(rule: FieldRule, before = '', after = '') {
  const fallback = `${before}a${after}`;
  return fc
    .tuple(fc.boolean(), hostileText, fc.boolean())
    .map(([isBefore, text, isAfter]) => {
      const whole = `${isBefore ? before : ''}${text}${isAfter ? after : ''}`;
      const wrapped = `${before}${text}${after}`;
      return (
        [whole, wrapped].find((one) => rule(one) === undefined) ?? fallback
      );
    });
}

const some = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 });
const versions = fc.constantFrom('', '3.9', '3.12.4');
const images = fc.constantFrom('', 'uv', 'micromamba', 'ghcr.io/x/y:1', 'a');
const quoted = taken(pipArgumentsRule, "--x 'a", "' -y");
const targets = fc.constantFrom('/root/.netrc', '/etc/a-b_c.d', '/x/@y');

const common = {
  name: fc.constantFrom('app', 'Team/App'),
  env: fc.uniqueArray(fc.tuple(taken(envKeyRule, 'A'), taken(singleLine)), {
    maxLength: 3,
    selector: ([key]) => key,
  }),
  apt_packages: some(fc.constantFrom('git', 'git curl', 'g++', 'a1=1:2.*')),
  base_image: fc.oneof(images, fc.constant({ name: 'base' })),
  pip_secret_mounts: some(fc.tuple(taken(secretSourceRule), targets)),
  pip_extra_args: quoted,
  registry_config: taken(singleLine),
  entrypoint: some(taken(entrypointRule)),
  commands: some(taken(commandRule, 'echo ')),
  copy: some(taken(copyRule, 'a', '.txt')).map((list) =>
    list.map((entry, index) => `${index}${entry}`),
  ),
  source: fc.constantFrom({}, { source_root: 'src', source_copy_mode: 'ALL' }),
  runtime_packages: some(taken(packageRule, 'a ')),
  builder_config: helperPairs(images.filter((image) => image !== '')),
};
const python = fc.oneof(
  fc.record({
    python_version: versions,
    conda_packages: some(taken(condaPackageRule, 'a=', '[x=1]')),
    conda_channels: some(taken(condaChannelRule, 'https://a.example.com/')),
  }),
  fc.record({
    python_exec: fc.constantFrom('/usr/bin/python3', 'python3.11', '/a/-b'),
  }),
);
const indexes = fc.record(
  {
    pip_index: taken(indexRule, 'https://a.example.com/'),
    pip_extra_index_url: some(taken(indexRule, 'https://b.example.com/')),
  },
  { requiredKeys: [] },
);
const installed = fc.oneof(
  fc
    .tuple(
      indexes,
      fc.record(
        {
          packages: some(taken(packageRule, 'a ')),
          requirements: fc.constantFrom('', 'r.txt', 'a/pyproject.toml'),
        },
        { requiredKeys: [] },
      ),
    )
    .map(([index, fields]) => ({ ...index, ...fields })),
  indexes.map((index) => ({ ...index, requirements: 'a/uv.lock' })),
  fc.constant({ requirements: 'poetry.lock' }),
);

/** Specs of every kind of build, with all the hostile text that the rules let through. */
export const tamedSpec: fc.Arbitrary<Record<string, unknown>> = fc
  .tuple(fc.record(common, { requiredKeys: [] }), python, installed)
  .map(
    ([{ source, ...fields }, ...others]) =>
      Object.assign({}, fields, source, ...others) as Record<string, unknown>,
  );
