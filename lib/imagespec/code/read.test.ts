import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CodeProblem } from './problem';
import { readPythonSpec } from './read-python';
import { readYamlSpec } from './read-yaml';
import { resolveScalar } from './yaml-scalars';
import { pyRepr } from '@/lib/imagespec/python-repr';

const said = (problems: CodeProblem[]) =>
  problems.map(
    ({ line, severity, message }) => `${line} ${severity}: ${message}`,
  );

const fixed = (text: string, { fix }: CodeProblem) =>
  fix && text.slice(0, fix.from) + fix.insert + text.slice(fix.to);

describe('readPythonSpec', () => {
  const TWO = `from flytekit import ImageSpec
base = ImageSpec(name="base")
train = ImageSpec(name="train", base_image=base).with_packages("pandas")
`;

  it('takes the last spec with a name, or the one that is asked for', () => {
    const last = readPythonSpec(TWO);
    expect(last.variable).toBe('train');
    expect(last.variables).toEqual(['base', 'train']);
    expect(last.spec).toEqual({
      version: 1,
      name: 'train',
      packages: ['pandas'],
      base_image: { version: 1, name: 'base' },
    });
    expect(readPythonSpec(TWO, 'base').spec).toEqual({
      version: 1,
      name: 'base',
    });
    expect(readPythonSpec(TWO, 'gone').variable).toBe('train');
  });

  it('takes a spec without a name, the outer one of two', () => {
    const source =
      'ImageSpec(\n  name="a",\n  base_image=ImageSpec(name="b"),\n)';
    expect(readPythonSpec(source)).toMatchObject({
      spec: { name: 'a' },
      variable: null,
      problems: [],
    });
  });

  it.each([
    [
      '',
      [
        '1 error: There is no ImageSpec here. Write image_spec = ImageSpec(name="train").',
      ],
    ],
    [
      'x = ImageSpec(\n  packages=[\n    "pandas",\n    "",\n  ],\n)',
      ['4 error: packages: Remove the empty entry.'],
    ],
    [
      'x = ImageSpec(\n  env={\n    "A": "b",\n    "C D": "e",\n  },\n)',
      [
        '4 error: env: “C D” is no variable name: leave out spaces, quotes, $, #, = and backslashes.',
      ],
    ],
    [
      'x = ImageSpec(packages=["--pre"]).with_packages(\n  ["a", "b"],\n)',
      [
        '2 error: packages: “--pre” is an option, not a package. Put options in the requirements text.',
      ],
    ],
    [
      'import os\nx = ImageSpec(\n  registry=os.environ.get("R", "ghcr.io/a"),\n)',
      [
        "3 error: registry: It is the variable `R` of the environment when the code runs (default: 'ghcr.io/a').",
      ],
    ],
    [
      'x = ImageSpec(name="a")\ny = [',
      ['2 error: This line cannot be read as Python and is left out.'],
    ],
    [
      'x = ImageSpec(colour="red")',
      ['1 error: colour: flytekit’s ImageSpec has no such field.'],
    ],
  ])('%j: says what is wrong where it is', (source, expected) => {
    const { spec, problems } = readPythonSpec(source);
    expect(said(problems)).toEqual(expected);
    expect(spec).toBeNull();
  });

  it.each([
    [
      'x = ImageSpec(cuda="3.10", python_version=3.10)',
      'python_version is the number 3.1: put quotes around 3.10.',
      'x = ImageSpec(cuda="3.10", python_version="3.10")',
    ],
    [
      'a = 1\r\nx = ImageSpec(\r\n  python_version = 3.12)',
      'python_version is the number 3.12, which flytekit hashes differently from the text: put quotes around 3.12.',
      'a = 1\r\nx = ImageSpec(\r\n  python_version = "3.12")',
    ],
    [
      'V = 3.10\nx = ImageSpec(python_version=V)',
      'python_version is the number 3.1, which flytekit hashes differently from the text: put quotes around 3.1.',
      undefined,
    ],
  ])(
    '%j: warns, keeps the number and offers quotes',
    (source, message, mended) => {
      const { spec, problems } = readPythonSpec(source);
      const [problem] = problems;
      expect(problems).toHaveLength(1);
      expect(problem).toMatchObject({ severity: 'warning', message });
      expect(problem && fixed(source, problem)).toBe(mended);
      expect(spec?.python_version).toMatchObject({ type: 'float' });
    },
  );
});

describe('resolveScalar, as PyYAML 6.0.3 printed it', () => {
  it.each([
    ['0_', '0'],
    ['1_', '1'],
    ['1__0', '10'],
    ['1:30', '90'],
    ['1:30.5', '90.5'],
    ['-1:30', '-90'],
    ['12:30:45.6', '45045.6'],
    ['190:20:30', '685230'],
    ['0:30', "'0:30'"],
    ['0_7', '7'],
    ['08', "'08'"],
    ['0777', '511'],
    ['-0777', '-511'],
    ['0o7', "'0o7'"],
    ['+3', '3'],
    ['00', '0'],
    ['-0', '0'],
    ['0b11', '3'],
    ['0xFf', '255'],
    ['.5', '0.5'],
    ['5.', '5.0'],
    ['-.5', "'-.5'"],
    ['1.5e3', "'1.5e3'"],
    ['1.5e+3', '1500.0'],
    ['1.e+3', '1000.0'],
    ['1e3', "'1e3'"],
    ['1._5', '1.5'],
    ['1_000.5_0', '1000.5'],
    ['-0.0', '-0.0'],
    ['1.0e400', "'1.0e400'"],
    ['3.10', '3.1'],
    ['3.11.4', "'3.11.4'"],
    ['on', 'True'],
    ['OFF', 'False'],
    ['y', "'y'"],
    ['n', "'n'"],
    ['oN', "'oN'"],
    ['NULL', 'None'],
    ['~', 'None'],
    ['', 'None'],
    ['.', "'.'"],
    ['._', "'._'"],
    ['--', "'--'"],
    ['1,2', "'1,2'"],
    ['2001-1-1', "'2001-1-1'"],
  ])('%s is %s', (text, expected) => {
    const scalar = resolveScalar(text);
    expect('value' in scalar && pyRepr(scalar.value)).toBe(expected);
  });

  it.each([
    '0x_',
    '0b_',
    '=',
    '<<',
    '.inf',
    '-.INF',
    '.nan',
    '1.0e+400',
    '2001-01-01',
    '2001-1-1 1:00:00',
    '9'.repeat(400),
  ])('%s is refused', (text) => {
    expect(resolveScalar(text)).toHaveProperty('refused');
  });
});

describe('readYamlSpec', () => {
  it('reads what people write', () => {
    const text = `# the image of the training
---
name: train
python_version: "3.11"
packages: &all
  - pandas
  - >-
    numpy
    <2
apt_packages: [git, 'curl']
runtime_packages: *all
env: {<<: {A: "1", B: "2"}, B: "3"}
cuda: ~
commands:
  - |
    echo a
builder_options:
  retries: 010
  ratio: 1.5
  flags: [yes, null]
`;
    const { spec, problems } = readYamlSpec(
      text.replace('  - |\n    echo a\n', '  - echo a\n'),
    );
    expect(problems).toEqual([]);
    expect(spec).toEqual({
      version: 1,
      name: 'train',
      python_version: '3.11',
      packages: ['pandas', 'numpy <2'],
      apt_packages: ['git', 'curl'],
      runtime_packages: ['pandas', 'numpy <2'],
      env: [
        ['A', '1'],
        ['B', '3'],
      ],
      commands: ['echo a'],
      builder_options: [
        ['retries', { type: 'int', text: '8' }],
        ['ratio', { type: 'float', value: 1.5 }],
        [
          'flags',
          {
            type: 'list',
            items: [{ type: 'bool', value: true }, { type: 'none' }],
          },
        ],
      ],
    });
  });

  it.each([
    ['', '1 error: Write fields, one a line, such as name: train.'],
    ['- a', '1 error: Write fields, one a line, such as name: train.'],
    [
      'name: train\nnames: x',
      '2 error: “names” is no field of ImageSpec. Remove it.',
    ],
    [
      'with_packages: [a]',
      '1 error: YAML cannot call with_packages. Put the entries into packages.',
    ],
    ['1: a', '1 error: The name of a field is text.'],
    [
      'base_image:\n  name: base',
      '2 error: base_image: A base that is a spec needs an ImageSpec, and YAML gives a mapping. Write this spec in Python, or name the base’s image.',
    ],
    [
      'pip_secret_mounts: [[a, /b]]',
      '1 error: pip_secret_mounts: flytekit wants pairs in round brackets, and YAML has only lists. Write this spec in Python.',
    ],
    [
      'source_copy_mode: ALL',
      '1 error: source_copy_mode: flytekit wants a member of CopyFileDetection, and YAML gives text. Write this spec in Python.',
    ],
    ['packages:\n  - a\n  - ""', '3 error: packages: Remove the empty entry.'],
    [
      'packages:\n  - a\n  -',
      '3 error: packages: an entry is empty. Remove it.',
    ],
    [
      'env:\n  A: b\n  C D: e',
      '3 error: env: “C D” is no variable name: leave out spaces, quotes, $, #, = and backslashes.',
    ],
    ['packages: a', '1 error: packages: Write this as a list.'],
    ['name: [a]', '1 error: name: Write this as text, in quotes.'],
    [
      'name: !!python/tuple [a]',
      '1 error: flytekit reads YAML with the safe loader, which refuses !!python/tuple.',
    ],
    [
      'name: !own a',
      '1 error: !own makes no value that ImageSpec takes. Remove it.',
    ],
    [
      'cuda: 2001-01-01',
      '1 error: It is a date in YAML: put quotes around it.',
    ],
    [
      'name: a\n---\nname: b',
      '2 error: Keep one spec here: flytekit reads no second document.',
    ],
    ['a:\n\t- b', '2 error: Indent with spaces; YAML takes no tabs here.'],
    [
      'commands:\n  - echo a: b: c',
      '2 error: Put quotes around a value that holds “: ”.',
    ],
    ['name: "a', '1 error: A quote, a bracket or a “:” is missing here.'],
    [
      'name: @a',
      '1 error: A value cannot begin like this. Put quotes around it.',
    ],
    ['name: *a', '1 error: It refers to an anchor that is not there.'],
    ['packages: &a [*a]', '1 error: It is too large or too deep to read.'],
    ['env:\n  : b', '2 error: A name is missing before the “:”.'],
    ['<<: 3', '1 error: Only a mapping can be merged with <<.'],
    ['? [a]\n: b', '1 error: A list or mapping cannot be a key.'],
  ])('%j: says what is wrong where it is', (text, expected) => {
    const { spec, problems } = readYamlSpec(text);
    expect(said(problems)).toEqual([expected]);
    expect(spec).toBeNull();
  });

  it.each([
    [
      'python_version: 3.10',
      'python_version: "3.10"',
      'warning',
      'python_version is the number 3.1: put quotes around 3.10.',
    ],
    [
      'cuda: 12.1',
      'cuda: "12.1"',
      'error',
      'cuda: 12.1 is the number 12.1: put quotes around it.',
    ],
    [
      'env: {DEBUG: yes}',
      'env: {DEBUG: "yes"}',
      'error',
      'env: yes is the truth value True: put quotes around it.',
    ],
    [
      'env:\n  010: a',
      'env:\n  "010": a',
      'error',
      'env: 010 is the number 8: put quotes around it.',
    ],
    [
      'packages:\n- a\n- ~',
      'packages:\n- a\n- "~"',
      'error',
      'packages: put quotes around ~; without them it is nothing.',
    ],
  ])('%j offers quotes', (text, mended, severity, message) => {
    const { spec, problems } = readYamlSpec(text);
    expect(problems).toEqual([expect.objectContaining({ severity, message })]);
    const [problem] = problems;
    expect(problem && fixed(text, problem)).toBe(mended);
    expect(spec === null).toBe(severity === 'error');
  });

  it('bounds its work on aliases of aliases and on nesting', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let index = 1; index < 12; index += 1) {
      lines.push(`a${index}: &a${index} [${`*a${index - 1}, `.repeat(10)}]`);
    }
    for (const text of [
      lines.join('\n'),
      '['.repeat(50_000),
      '{a: '.repeat(5_000),
    ]) {
      expect(readYamlSpec(text).spec).toBeNull();
    }
    expect(readYamlSpec(' '.repeat(1024 * 1024 + 1)).problems).toHaveLength(1);
  });

  it('never throws, whatever the text', () => {
    const part = fc.constantFrom(
      'name',
      'packages',
      ': ',
      '- ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      ',',
      '&a ',
      '*a',
      '!!int ',
      '!x ',
      '<<',
      '"',
      "'",
      '|\n',
      '? ',
      '3.10',
      '\t',
      '#',
      '%YAML 1.1\n',
      '---\n',
      '\ud800',
      '\0',
      '\ufeff',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const { spec, problems } = readYamlSpec(parts.join(''));
        expect(spec === null).toBe(
          problems.some(({ severity }) => severity === 'error'),
        );
      }),
      { numRuns: 1000, seed: 3 },
    );
  });
});
