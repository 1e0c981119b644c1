import { describe, expect, it } from 'vitest';
import { classifyBuildFailure, classifyPushFailure } from '@/lib/build/failure';
import { findFailureSource } from '@/lib/build/failure-source';
import { parseImageSpec } from '@/lib/imagespec/schema';

const spec = parseImageSpec({
  base_image: 'debian:nope',
  registry: 'ghcr.io/acme',
  apt_packages: ['git', 'curl libfoo-dev', 'libpq-dev=15.*'],
  pip_extra_index_url: ['https://pypi.acme.test/simple'],
  packages: ['pandas[excel]>=2', 'Scikit_Learn==99.0', 'numpy'],
  conda_packages: ['scipy', 'nvidia::cuda-toolkit=12'],
  conda_channels: ['nvidia'],
  commands: ['make all'],
  copy: ['data', './models/small'],
  pip_secret_mounts: [['.netrc', '/root/.netrc']],
  builder_config: [['uv_image', 'ghcr.io/a/uv:9']],
});
const REQUIREMENTS =
  '--index-url https://pypi.test/simple\npyyaml\nmissing-thing~=1.0\n';

const EXIT =
  'failed to solve: process "/bin/sh -c …" did not complete successfully: exit code: 1';
const APT =
  'RUN apt-get update && apt-get install -y --no-install-recommends git curl libfoo-dev libpq-dev=15.*';
const PIP = 'RUN uv pip install --requirement requirements_uv.txt';
const CONDA =
  'RUN micromamba config set use_lockfiles False && ( micromamba create --yes -n runtime -c conda-forge -c nvidia python=3.12 scipy || micromamba install --yes -n runtime scipy )';

/** As a worker says it, from the engine's words, the step's name and its last lines. */
function sourceOf(text: string, step: string | null, lastLines: string[] = []) {
  const failure = classifyBuildFailure({
    text,
    step: step === null ? null : { key: 's', name: step, exitCode: null },
    lastLines,
    secrets: ['.netrc'],
  });
  return findFailureSource({ failure, step, spec, requirements: REQUIREMENTS });
}

describe('findFailureSource', () => {
  it.each([
    [
      'an apt package of an entry with two',
      EXIT,
      APT,
      [
        'Reading state information...',
        'E: Unable to locate package libfoo-dev',
      ],
      'apt_packages',
      { text: 'curl libfoo-dev', line: 2 },
    ],
    [
      'an apt package with a version',
      EXIT,
      APT,
      ["E: Version '15.*' for 'libpq-dev' was not found"],
      'apt_packages',
      { text: 'libpq-dev=15.*', line: 3 },
    ],
    [
      'an apt step that failed for another reason',
      EXIT,
      APT,
      ['E: Could not get lock /var/lib/dpkg/lock'],
      'apt_packages',
      null,
    ],
    [
      'a Python package that is written another way',
      EXIT,
      PIP,
      [
        '  × No solution found when resolving dependencies:',
        '  ╰─▶ Because there is no version of scikit-learn==99.0 and you require',
        '      scikit-learn==99.0, we can conclude that your requirements are',
        '      unsatisfiable.',
      ],
      'packages',
      { text: 'Scikit_Learn==99.0', line: 2 },
    ],
    [
      'a Python package with extras',
      EXIT,
      PIP,
      ['ERROR: No matching distribution found for pandas'],
      'packages',
      { text: 'pandas[excel]>=2', line: 1 },
    ],
    [
      'a package of the requirements text',
      EXIT,
      PIP,
      ['  ╰─▶ Because missing-thing was not found in the package registry and'],
      'requirements',
      { text: 'missing-thing~=1.0', line: 3 },
    ],
    [
      'a package that only another one needs',
      EXIT,
      PIP,
      ['  ╰─▶ Because deep-down was not found in the package registry and'],
      'packages',
      null,
    ],
    [
      'a conda package of a channel',
      EXIT,
      CONDA,
      [
        'error    libmamba Could not solve',
        '  - nothing provides cuda-toolkit 12*',
      ],
      'conda_packages',
      { text: 'nvidia::cuda-toolkit=12', line: 2 },
    ],
    [
      'the only command',
      'executor failed running [/bin/sh -c make all]: exit code: 2',
      'RUN make all',
      ['make: *** No rule to make target'],
      'commands',
      { text: 'make all', line: 1 },
    ],
    [
      'the base image',
      'debian:nope: failed to resolve source metadata for docker.io/library/debian:nope: docker.io/library/debian:nope: not found',
      'load metadata for docker.io/library/debian:nope',
      [],
      'base_image',
      { text: 'debian:nope', line: 1 },
    ],
    [
      'the base image, in the words of the classic builder',
      'manifest for debian:nope not found: manifest unknown',
      null,
      [],
      'base_image',
      { text: 'debian:nope', line: 1 },
    ],
    [
      'a helper image of the spec',
      'ghcr.io/a/uv:9: failed to resolve source metadata for ghcr.io/a/uv:9: unexpected status: 401 Unauthorized',
      'load metadata for ghcr.io/a/uv:9',
      [],
      'builder_config',
      { text: 'uv_image=ghcr.io/a/uv:9', line: 1 },
    ],
    [
      'a copy',
      'failed to compute cache key: "/copy/models/small" not found: not found',
      'COPY --chown=flytekit ["copy/models/small", "/root/models/small/"]',
      [],
      'copy',
      { text: './models/small', line: 2 },
    ],
    [
      'a secret',
      'failed to solve: secret secret_0: not found',
      PIP,
      [],
      'pip_secret_mounts',
      { text: '.netrc → /root/.netrc', line: 1 },
    ],
  ])('names %s', (_name, text, step, lastLines, field, entry) => {
    expect(sourceOf(text, step, lastLines)).toEqual({ field, entry });
  });

  it.each([
    ['a step of the builder itself', EXIT, 'RUN id -u flytekit || useradd x'],
    ['the engine', 'no space left on device', null],
    [
      'a helper image of the team',
      'quay.io/t/mm:1: not found',
      'FROM quay.io/t/mm:1',
    ],
  ])('names no field for %s', (_name, text, step) => {
    expect(sourceOf(text, step)).toBeNull();
  });

  it.each([
    [
      'the index that is named',
      PIP,
      [
        'error: Failed to fetch: `https://pypi.acme.test/simple/six/`',
        'dns error',
      ],
      {
        field: 'pip_extra_index_url',
        entry: { text: 'https://pypi.acme.test/simple', line: 1 },
      },
    ],
    [
      'nothing for the usual index',
      PIP,
      [
        'error: Failed to fetch: `https://index.example.org/simple/six/`',
        'dns error',
      ],
      null,
    ],
    [
      'nothing for a source of the base',
      APT,
      ["W: Failed to fetch http://deb.test/x  Could not resolve 'deb.test'"],
      null,
    ],
    [
      'the command that asked',
      'RUN make all',
      ['curl: (6) Could not resolve host: nowhere.invalid'],
      { field: 'commands', entry: { text: 'make all', line: 1 } },
    ],
    [
      'nothing for a certificate, which the worker gets',
      'RUN make all',
      ['curl: (60) SSL certificate problem: self-signed certificate'],
      null,
    ],
  ])('names, of a server that fails, %s', (_name, step, lastLines, source) => {
    expect(sourceOf(EXIT, step, lastLines)).toEqual(source);
  });

  it('names the registry of a push that was refused', () => {
    const failure = classifyPushFailure(
      'denied: permission_denied: write_package',
      'ghcr.io',
      'push',
    );
    const step = 'push to ghcr.io/acme/x:1';
    expect(
      findFailureSource({ failure, step, spec, requirements: null }),
    ).toEqual({
      field: 'registry',
      entry: { text: 'ghcr.io/acme', line: 1 },
    });
  });

  it('does not choose between several commands', () => {
    const two = parseImageSpec({ commands: ['make a', 'make b'] });
    const failure = classifyBuildFailure({
      text: EXIT,
      step: { key: 's', name: 'RUN make a && make b', exitCode: 1 },
      lastLines: [],
    });
    const step = 'RUN make a && make b';
    expect(
      findFailureSource({ failure, step, spec: two, requirements: null }),
    ).toEqual({ field: 'commands', entry: null });
  });
});
