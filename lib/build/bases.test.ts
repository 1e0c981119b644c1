import { describe, expect, it } from 'vitest';
import { basesOf, floatingImages } from './bases';

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;

describe('basesOf', () => {
  it.each<[string, string[], { reference: string; digest: string }[]]>([
    [
      'one base, in full',
      [`FROM docker.io/library/debian:12@${A}`],
      [{ reference: 'docker.io/library/debian:12', digest: A }],
    ],
    [
      'several stages, each base once',
      [
        `FROM ghcr.io/a/b:1@${A}`,
        `FROM ghcr.io/a/b:1@${A}`,
        'RUN make',
        `FROM ghcr.io/c/d:2@${B}`,
      ],
      [
        { reference: 'ghcr.io/a/b:1', digest: A },
        { reference: 'ghcr.io/c/d:2', digest: B },
      ],
    ],
    [
      'a platform',
      [`FROM --platform=linux/amd64 ghcr.io/a/b:1@${A}`],
      [{ reference: 'ghcr.io/a/b:1', digest: A }],
    ],
    ['an image of the machine itself', ['FROM local/base:1'], []],
    ['a stage of the same file', ['FROM tools'], []],
    ['a command that speaks of FROM', [`RUN echo FROM x@${A}`], []],
  ])('%s', (_, names, expected) => {
    expect(basesOf(names)).toEqual(expected);
  });
});

describe('floatingImages', () => {
  it('are those a Dockerfile names by a tag, in full, without its own stages', () => {
    const pinned = `quay.io/acme/base@sha256:${'a'.repeat(64)}`;
    expect(
      floatingImages(
        `FROM ghcr.io/astral-sh/uv:0.5.1 AS uv\nFROM --platform=linux/amd64 debian:12\nFROM ${pinned}\nFROM uv\nFROM scratch`,
      ),
    ).toEqual(['ghcr.io/astral-sh/uv:0.5.1', 'docker.io/library/debian:12']);
  });

  it('are not known without a Dockerfile', () => {
    expect(floatingImages('')).toBeNull();
  });
});
