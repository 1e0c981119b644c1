import { describe, expect, it } from 'vitest';
import { ImportPython } from './inputs';
import { ProjectName, SetProjectImage } from './projects';

describe('ProjectName', () => {
  it.each(['a', 'flytesnacks', 'ml-training', '2024-q1', 'a'.repeat(63)])(
    'takes %s',
    (name) => {
      expect(ProjectName.parse(` ${name} `)).toBe(name);
    },
  );

  it.each([
    ['nothing', ''],
    ['upper case', 'ML'],
    ['an underscore', 'ml_training'],
    ['a dot', 'ml.training'],
    ['a dash first', '-ml'],
    ['a dash last', 'ml-'],
    ['a line break', 'ml\nx'],
    ['another alphabet', 'проект'],
    ['64 characters', 'a'.repeat(64)],
  ])('refuses %s', (_, name) => {
    expect(ProjectName.safeParse(name).success).toBe(false);
  });
});

it('an import that names no project goes into default', () => {
  const input = { source: '', fileName: 'a.py', requirements: {}, specs: [] };
  expect(ImportPython.parse(input).project).toBe('default');
});

it.each([
  ['ghcr.io/acme/ml:v1', true],
  [null, true],
  ['', false],
  ['ghcr.io/acme/ML:v1', false],
  ['ghcr.io/acme/ml:v1\nRUN x', false],
])('the image %j of a project is held to the rule: %s', (image, isTaken) => {
  const projectId = '01936f3c-0000-7000-8000-000000000000';
  expect(SetProjectImage.safeParse({ projectId, image }).success).toBe(isTaken);
});
