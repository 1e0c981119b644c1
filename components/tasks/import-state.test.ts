import { describe, expect, it } from 'vitest';
import {
  canSave,
  judgeSpec,
  listUnresolved,
  registryNote,
} from '@/components/tasks/import-state';
import { planImport } from '@/lib/imagespec/import-plan';
import { readPython } from '@/lib/imagespec/python';
import type { SpecMatchView } from '@/lib/imagespec/views';

const HEAD = 'from flytekit import ImageSpec, task\n';

function read(source: string, texts: Record<string, string> = {}) {
  const file = readPython(HEAD + source, 'train.py');
  return { file, ...planImport(file, texts) };
}

function planned(argument: string, texts?: Record<string, string>) {
  const [spec] = read(`etl = ImageSpec(name="etl", ${argument})`, texts).specs;
  if (!spec) throw new Error('no spec was read');
  return spec;
}

function match(
  argument: string,
  texts?: Record<string, string>,
): SpecMatchView {
  const { ready, name } = planned(argument, texts);
  if (!ready) throw new Error('not ready');
  const { tag, spec: fields } = ready;
  return { id: 'id', name, isArchived: false, revision: 3, tag, fields };
}

describe('judgeSpec', () => {
  it.each([
    ['unknown', planned('packages=["a"]'), [], { kind: 'new' }],
    ['not compared yet', planned(''), undefined, { kind: 'comparing' }],
    [
      'the same',
      planned('packages=["a"]'),
      [match('packages=["a"]')],
      { kind: 'same', revision: 3 },
    ],
    [
      'otherwise',
      planned('packages=["b"]'),
      [match('packages=["a"]')],
      {
        kind: 'changed',
        revision: 4,
        changes: [
          { field: 'packages', removed: ['a'], added: ['b'], note: null },
        ],
      },
    ],
    [
      'otherwise only in its requirements text',
      planned('requirements="r"', { r: 'numpy' }),
      [match('requirements="r"', { r: 'pandas' })],
      {
        kind: 'changed',
        revision: 4,
        changes: [
          {
            field: 'requirements',
            removed: [],
            added: [],
            note: 'another text',
          },
        ],
      },
    ],
    [
      'archived',
      planned(''),
      [{ ...match(''), isArchived: true }],
      { kind: 'archived' },
    ],
    [
      'waiting for a text',
      planned('requirements="r"'),
      undefined,
      { kind: 'missing_file', path: 'r' },
    ],
    [
      'not readable',
      planned('registry=choose()'),
      undefined,
      {
        kind: 'unreadable',
        reason: 'Imageyard could not take its registry.',
      },
    ],
    [
      'not buildable',
      planned('requirements="uv.lock"', { 'uv.lock': 'x' }),
      undefined,
      {
        kind: 'unreadable',
        reason: expect.stringContaining('uv.lock') as string,
      },
    ],
  ])('finds a spec that is there %s', (_, spec, known, state) => {
    expect(judgeSpec(spec, known)).toEqual(state);
    expect(canSave(judgeSpec(spec, known))).toBe(
      ['new', 'comparing', 'same', 'changed'].includes(state.kind),
    );
  });
});

describe('registryNote', () => {
  const registries = [{ host: 'ghcr.io', namespace: 'acme', archivedAt: null }];
  it.each([
    ['registry="ghcr.io/acme"', null],
    ['registry="ghcr.io/acme/ml"', null],
    [
      'registry="quay.io/acme"',
      { kind: 'uncovered', registry: 'quay.io/acme' },
    ],
    ['', { kind: 'none' }],
  ])('for %s is %j', (argument, note) => {
    expect(registryNote(planned(argument), registries)).toEqual(note);
  });
});

it('lists what is unresolved by line, with its source', () => {
  const { file, specs, tasks } = read(
    [
      'etl = ImageSpec(name="etl",',
      '  registry=choose())',
      '@task(container_image=other())',
      'def fit(): ...',
    ].join('\n'),
  );
  expect(listUnresolved(file, specs, tasks)).toEqual([
    expect.objectContaining({
      line: 3,
      subject: 'etl · registry',
      source: 'choose()',
    }),
    expect.objectContaining({
      line: 5,
      subject: 'train.fit',
      source: 'other()',
    }),
  ]);
});
