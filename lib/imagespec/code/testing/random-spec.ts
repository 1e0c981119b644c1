import fc from 'fast-check';
import type { FieldName } from '@/lib/imagespec/fields';
import type { PyValue } from '@/lib/imagespec/python-value';
import { ImageSpec, SOURCE_COPY_MODES } from '@/lib/imagespec/schema';
import { mergeEntries } from '@/lib/imagespec/with-chain';

const HARD_PARTS = [
  "'",
  '"',
  '\\',
  '\\n',
  '"""',
  '#',
  ' #',
  ': ',
  ':',
  '- ',
  '? ',
  '{',
  '}',
  '[',
  ',',
  '%',
  '@',
  '&a',
  '*a',
  '!!',
  '|',
  '>',
  '$X',
  '`',
  '\t',
  ' ',
  '\u00a0',
  '\u2028',
  '\ufeff',
  '\ue000',
  '\u0301',
  '\u{1f680}',
  '\u{e0041}',
  'é',
  '日本',
  'a',
  'Z',
  '0',
  '3.10',
  'yes',
  'null',
  '~',
  '=',
  '<<',
  '2001-01-01',
  '1:30',
  '0x1f',
  '1e3',
  '.5',
  '---',
  '...',
];
const LINE_BREAKS = ['\n', '\r', '\n\n', '\u0085', '\x07', '\x7f', '\x1b'];

const hardText = fc
  .array(
    fc.oneof(fc.constantFrom(...HARD_PARTS), fc.string({ maxLength: 3 })),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(''));
/** Texts with line breaks and control characters, for fields that take them. */
const anyText = fc
  .array(fc.oneof(hardText, fc.constantFrom(...LINE_BREAKS)), { maxLength: 5 })
  .map((parts) => parts.join(''));
const longText = fc
  .integer({ min: 60, max: 130 })
  .map((size) => 'x'.repeat(size));

const number = fc.oneof(
  fc
    .bigInt({ min: -(10n ** 40n), max: 10n ** 40n })
    .map((value): PyValue => ({ type: 'int', text: String(value) })),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((value): PyValue => ({ type: 'float', value })),
  fc
    .constantFrom(0, 1, 3.1, 3.12, 1e16, 1e-5, -0.5)
    .map((value): PyValue => ({ type: 'float', value })),
);

const { literal } = fc.letrec<{ literal: PyValue; single: PyValue }>((tie) => ({
  single: fc.oneof(
    fc.constant<PyValue>({ type: 'none' }),
    fc.boolean().map((value): PyValue => ({ type: 'bool', value })),
    number,
    fc
      .oneof(anyText, longText)
      .map((value): PyValue => ({ type: 'str', value })),
  ),
  literal: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    tie('single'),
    fc
      .record({
        type: fc.constantFrom('list' as const, 'tuple' as const),
        items: fc.array(tie('literal'), { maxLength: 4 }),
      })
      .map((value): PyValue => value),
    fc
      .array(fc.tuple(tie('single'), tie('literal')), { maxLength: 4 })
      .map((entries): PyValue => ({
        type: 'dict',
        entries: mergeEntries(entries),
      })),
  ),
}));

/** Values that the schema takes for the field. */
function valid<T>(field: FieldName, values: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return values.filter(
    (value) => ImageSpec.safeParse({ [field]: value }).success,
  );
}

function texts(field: FieldName, ...values: fc.Arbitrary<string>[]) {
  const entry = fc
    .oneof(...values)
    .filter((value) => ImageSpec.safeParse({ [field]: [value] }).success);
  return fc.array(entry, { maxLength: 6 });
}

const packages = fc.oneof(
  hardText.map((text) => `a${text}`),
  longText,
  fc.constantFrom('pandas==2.2.1', "numpy<2; python_version < '3.13'", ' x '),
);
const path = fc.oneof(
  hardText,
  fc.constantFrom('requirements.txt', './requirements.txt', 'a b/uv.lock'),
);

/** Valid specs over all fields, with texts that are hard to quote, and a base that may be a spec. */
export const randomSpec: fc.Arbitrary<ImageSpec> = specOf(2);

function specOf(depth: number): fc.Arbitrary<ImageSpec> {
  const image = fc.constantFrom(
    'debian:12',
    'ghcr.io/acme/x@sha256:' + 'a'.repeat(64),
    '',
  );
  const line = (field: FieldName) =>
    valid(field, fc.oneof(hardText, fc.constant('')));
  const pair = (value: fc.Arbitrary<string>) =>
    fc.tuple(
      fc.oneof(hardText, fc.constantFrom('10', '9', 'PATH', 'yes')),
      value,
    );
  const base: fc.Arbitrary<string | ImageSpec> =
    depth > 0 ? fc.oneof(image, specOf(depth - 1)) : image;
  return fc
    .record(
      {
        name: fc.constantFrom('flytekit', 'train', 'Team/App'),
        python_version: fc.oneof(number, fc.constantFrom('3.10', '3.12.4', '')),
        builder: line('builder'),
        source_root: line('source_root'),
        env: fc
          .uniqueArray(pair(hardText), {
            selector: ([key]) => key,
            maxLength: 5,
          })
          .map((all) =>
            all.filter((one) => ImageSpec.safeParse({ env: [one] }).success),
          ),
        registry: fc.constantFrom(
          'ghcr.io/acme',
          'localhost:30000',
          'GHCR.io/Acme',
          '',
        ),
        packages: texts('packages', packages),
        conda_packages: fc.constantFrom<string[][]>([], ['scipy=1.13', 'a::b']),
        conda_channels: fc.constantFrom<string[][]>([], ['nvidia']),
        requirements: valid('requirements', path),
        apt_packages: fc.constantFrom<string[][]>(
          [],
          ['git', 'libpq-dev=15.*'],
        ),
        cuda: fc.oneof(fc.constantFrom('12.1', '12', ''), line('cuda')),
        cudnn: fc.constantFrom('8', '8.9'),
        base_image: base,
        platform: fc.constantFrom('linux/amd64', 'linux/amd64,linux/arm64'),
        pip_index: fc.constantFrom('https://pypi.example.com/simple', ''),
        pip_extra_index_url: fc.constantFrom<string[][]>(
          [],
          ['https://a.example.com/%7Ex?y=1#z'],
        ),
        pip_secret_mounts: fc.array(
          fc.tuple(
            hardText.filter(
              (one) =>
                ImageSpec.safeParse({ pip_secret_mounts: [[one, '/x']] })
                  .success,
            ),
            fc.constantFrom('/root/.netrc', '/x'),
          ),
          { maxLength: 2 },
        ),
        pip_extra_args: fc.constantFrom('--pre', "--no-binary 'a b'", ''),
        registry_config: line('registry_config'),
        entrypoint: texts('entrypoint', anyText, longText),
        commands: texts(
          'commands',
          hardText,
          longText,
          fc.constant('a && \\\nb'),
        ),
        tag_format: fc.constantFrom(
          '{spec_hash}-gpu',
          '{spec_hash!s:.8}',
          'latest',
          '',
        ),
        source_copy_mode: fc.constantFrom(...SOURCE_COPY_MODES),
        copy: texts('copy', hardText),
        python_exec: fc.constantFrom('/usr/bin/python3', 'python3', ''),
        runtime_packages: texts('runtime_packages', packages),
        builder_options: fc
          .uniqueArray(fc.tuple(hardText, literal), {
            selector: ([key]) => key,
            maxLength: 4,
          })
          .map((all) =>
            all.filter(
              (one) => ImageSpec.safeParse({ builder_options: [one] }).success,
            ),
          ),
        builder_config: fc.constantFrom<[string, string][][]>(
          [],
          [['uv_image', 'ghcr.io/astral-sh/uv:0.8.0']],
        ),
      },
      { requiredKeys: [] },
    )
    .map((fields) => ImageSpec.safeParse(fields))
    .filter((result) => result.success)
    .map((result) => result.data);
}
