import { describe, expect, it } from 'vitest';
import { toDockerfile } from './dockerfile';
import { fieldOfInstruction } from './instruction-field';
import { instructionTitle } from './instruction-title';
import { parseImageSpec } from './schema';
import { goldenSpecs } from './testing/golden-specs';

/** The instructions of a Dockerfile, named as engines name their steps. */
function stepsOf(dockerfile: string): string[] {
  return dockerfile
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/\s+/g, ' '))
    .map((line) => instructionTitle(line).replace(/ AS \w+$/, ''));
}

describe('the instructions of every Dockerfile in testdata', () => {
  it.each(goldenSpecs())('$name', ({ spec, options }) => {
    const steps = stepsOf(toDockerfile(spec, options).text);
    const found = new Set(steps.map((step) => fieldOfInstruction(step, spec)));
    expect(found.has('apt_packages')).toBe(!!spec.apt_packages?.length);
    expect(found.has('commands')).toBe(!!spec.commands?.length);
    expect(found.has('conda_packages')).toBe(!spec.python_exec);
    expect(found.has('packages') || found.has('requirements')).toBe(true);
    expect(found.has('base_image')).toBe(typeof spec.base_image !== 'object');
    expect(found.has('copy')).toBe(
      steps.some((step) => step.includes('["copy')),
    );
    expect(found.has('source_root')).toBe(
      steps.some((step) => step.includes('./src')),
    );
  });
});

describe('fieldOfInstruction', () => {
  const spec = parseImageSpec({
    base_image: 'debian:nope',
    commands: ['apt-get update && apt-get install x', 'echo  two'],
    builder_config: [['uv_image', 'ghcr.io/acme/uv:1']],
  });

  it.each([
    ['load metadata for docker.io/library/debian:nope', 'base_image'],
    ['FROM docker.io/library/debian:nope@sha256:abc', 'base_image'],
    ['FROM ghcr.io/acme/uv:1', 'builder_config'],
    ['FROM quay.io/team/micromamba:2', null],
    ['RUN apt-get update && apt-get install x && echo two', 'commands'],
    ['RUN apt-get update && apt-get install -y git', 'apt_packages'],
    ['RUN mkdir -p $HOME && echo "export PATH=$PATH" >> x', null],
    ['WORKDIR /', null],
    ['exporting to image', null],
  ])('%s is there for %s', (title, field) => {
    expect(fieldOfInstruction(title, spec)).toBe(field);
  });

  it('knows commands that the engine cut short', () => {
    const long = parseImageSpec({
      commands: ['echo a', `echo ${'b'.repeat(3000)}`],
    });
    const name = `RUN echo a && echo ${'b'.repeat(3000)}`.slice(0, 2000);
    expect(fieldOfInstruction(name, long)).toBe('commands');
  });
});
