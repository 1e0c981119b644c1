import { describe, expect, it } from 'vitest';
import {
  classifyBuildFailure,
  classifyPushFailure,
  exitCodeOf,
} from '@/lib/build/failure';

const RUN = '[2/4] RUN apt-get install -y libpq-devv';
const METADATA = '[internal] load metadata for docker.io/library/debian:nope';

function build(
  text: string,
  name: string | null = null,
  lastLines: string[] = [],
) {
  const step =
    name === null
      ? null
      : { key: 'sha256:1', name, exitCode: exitCodeOf(text) };
  return classifyBuildFailure({ text, step, lastLines });
}

describe('classifyBuildFailure', () => {
  it.each([
    ['20.10', 'executor failed running [/bin/sh -c exit 3]: exit code: 3'],
    [
      '26 and later',
      'process "/bin/sh -c exit 3" did not complete successfully: exit code: 3',
    ],
    ['classic', "The command '/bin/sh -c exit 3' returned a non-zero code: 3"],
    [
      'Podman',
      'building at STEP "RUN exit 3": while running runtime: exit status 3',
    ],
  ])(
    'reads the exit code of a failed command in the words of %s',
    (_engine, text) => {
      expect(build(text, RUN)).toEqual({
        code: 'BUILD_COMMAND_FAILED',
        message: 'A command failed with exit code 3.',
        step: 'sha256:1',
        exitCode: 3,
      });
    },
  );

  it.each([
    [
      'BUILD_APT_NOT_FOUND',
      ['E: Unable to locate package libpq-devv'],
      'The base has no apt package libpq-devv.',
    ],
    [
      'BUILD_APT_NOT_FOUND',
      ["E: Couldn't find any package by regex 'libpq.9'"],
      'The base has no apt package libpq.9.',
    ],
    [
      'BUILD_APT_NOT_FOUND',
      ["E: Package 'mailx' has no installation candidate"],
      'The apt package mailx cannot be installed from the sources of this base.',
    ],
    [
      'BUILD_APT_NOT_FOUND',
      ["E: Version '9' for 'curl' was not found"],
      'The apt package curl has no version 9 in this base.',
    ],
    [
      'BUILD_PACKAGE_NOT_FOUND',
      [
        '  × No solution found when resolving dependencies:',
        '  ╰─▶ Because pandaz was not found in the package registry and you require',
        '      pandaz, we can conclude that your requirements are unsatisfiable.',
      ],
      'The package index has no package pandaz.',
    ],
    [
      'BUILD_PACKAGE_NOT_FOUND',
      [
        '  ╰─▶ Because there is no version of',
        '      pandas==99.0 and you require pandas==99.0, we can conclude',
      ],
      'The package index has no such version of pandas==99.0.',
    ],
    [
      'BUILD_PACKAGE_NOT_FOUND',
      [
        '  × No solution found when resolving dependencies:',
        '  ╰─▶ Because pandas==2.2 depends on numpy>=1.26 and you require numpy<1',
      ],
      'No set of versions satisfies all packages together; the last lines name the conflict.',
    ],
    [
      'BUILD_PACKAGE_NOT_FOUND',
      ['ERROR: No matching distribution found for pandaz'],
      'The package index has no version of pandaz for this Python.',
    ],
    [
      'BUILD_PACKAGE_NOT_FOUND',
      [
        'error    libmamba Could not solve',
        '  - nothing provides requested zzz 1.*',
      ],
      'The conda channels have no package zzz.',
    ],
    [
      'BUILD_PACKAGE_NOT_FOUND',
      ['└─ zzz does not exist (perhaps a typo or a missing channel).'],
      'The conda channels have no package zzz.',
    ],
    [
      'BUILD_PLATFORM_MISMATCH',
      ['exec /bin/sh: exec format error'],
      'The base image is for another platform: its programs do not run on this worker.',
    ],
    [
      'BUILD_COMMAND_FAILED',
      ['it was E: Unable to locate package x that I feared'],
      'A command failed with exit code 1.',
    ],
  ])(
    'reads the last lines of a failed command: %s %j',
    (code, lastLines, message) => {
      expect(
        build(
          'process "…" did not complete successfully: exit code: 1',
          RUN,
          lastLines,
        ),
      ).toMatchObject({
        code,
        message,
        exitCode: 1,
      });
    },
  );

  it('says what exit code 137 usually means', () => {
    expect(build('exit code: 137', RUN).message).toContain('memory');
  });

  it.each([
    [
      'BUILD_BASE_NOT_FOUND',
      'docker.io/library/debian:nope: not found',
      'There is no image',
    ],
    [
      'BUILD_BASE_NOT_FOUND',
      'failed to resolve: manifest unknown',
      'There is no image',
    ],
    [
      'BUILD_BASE_DENIED',
      'unexpected status from HEAD request to https://r.example.com/v2/a/manifests/1: 401 Unauthorized',
      'may not be pulled',
    ],
    ['BUILD_BASE_DENIED', 'no basic auth credentials', 'may not be pulled'],
    [
      'BUILD_BASE_DENIED',
      'unauthorized: authentication required',
      'may not be pulled',
    ],
    [
      'BUILD_BASE_DENIED',
      'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      'may not be pulled',
    ],
    [
      'BUILD_BASE_DENIED',
      'toomanyrequests: You have reached your pull rate limit',
      'asks to wait',
    ],
    [
      'BUILD_PLATFORM_MISMATCH',
      'no match for platform in manifest: not found',
      'no variant for this platform',
    ],
    [
      'BUILD_BASE_NOT_FOUND',
      'failed to do request: Head "https://r.example.com/v2/": dial tcp 10.0.0.1:443: connect: connection refused',
      'refused',
    ],
    [
      'BUILD_BASE_NOT_FOUND',
      'dial tcp: lookup r.example.com: no such host',
      'host name is not known',
    ],
    [
      'BUILD_BASE_NOT_FOUND',
      'tls: failed to verify certificate: x509: certificate signed by unknown authority',
      'certificate',
    ],
    [
      'BUILD_BASE_NOT_FOUND',
      'http: server gave HTTP response to HTTPS client',
      'plain http',
    ],
  ])('says why the base could not be had: %s %s', (code, text, message) => {
    const failure = build(text, METADATA);
    expect(failure).toMatchObject({ code, exitCode: null, step: 'sha256:1' });
    expect(failure.message).toContain(message);
    expect(failure.message).toContain('docker.io/library/debian:nope');
  });

  it.each([
    [
      'resolving it',
      'failed to solve with frontend dockerfile.v0: failed to create LLB definition: failed to resolve source metadata for ghcr.io/a/uv:9: ghcr.io/a/uv:9: not found',
      'ghcr.io/a/uv:9',
    ],
    [
      'the classic builder',
      'manifest for debian:nope not found: manifest unknown',
      'debian:nope',
    ],
  ])('finds the base in the words alone: %s', (_name, text, image) => {
    expect(build(text)).toMatchObject({
      code: 'BUILD_BASE_NOT_FOUND',
      message: `There is no image ${image}.`,
      step: null,
    });
  });

  it.each([
    ['dockerfile parse error line 2: unknown instruction: RUNN'],
    [
      'failed to solve: dockerfile parse error on line 2: unknown instruction: RUNN (did you mean RUN?)',
    ],
    [
      'failed to create LLB definition: Syntax error - can\'t find = in "b". Must be of the form: name=value',
    ],
    ['failed to parse stage name "Bad:": invalid reference format'],
    ['failed to compute cache key: "/requirements.txt" not found: not found'],
    ['failed to calculate checksum of ref abc::def: "/uv": not found'],
  ])('knows a Dockerfile the engine refuses: %s', (text) => {
    expect(
      build(text, '[internal] load build definition from Dockerfile').code,
    ).toBe('BUILD_DOCKERFILE_INVALID');
  });

  it.each([
    ['secret secret_1 not found: not found', 'pip.conf'],
    ['failed to solve: secret secret_0: not found', '.netrc'],
    ['failed to solve: secret secret_7: not found', 'secret_7'],
    ['secret token: not found', 'token'],
  ])('names the secret that the engine did not get: %s', (text, name) => {
    const step = {
      key: 'sha256:1',
      name: '[3/4] RUN --mount=type=secret',
      exitCode: null,
    };
    expect(
      classifyBuildFailure({
        text,
        step,
        lastLines: [],
        secrets: ['.netrc', 'pip.conf'],
      }),
    ).toEqual({
      code: 'BUILD_SECRET_MISSING',
      message: `The engine was not given the secret ${name}, which this step mounts.`,
      step: 'sha256:1',
      exitCode: null,
    });
  });

  it.each([
    [
      'a full disk',
      'write /var/lib/docker/x: no space left on device',
      'The disk of the engine is full.',
    ],
    [
      'anything else',
      'something new',
      'The engine stopped the build for a reason of its own; the step holds its words.',
    ],
  ])('keeps the engine’s own failures apart: %s', (_name, text, message) => {
    expect(build(text, '[3/3] COPY a /a')).toMatchObject({
      code: 'ENGINE_FAILED',
      message,
    });
  });

  it('puts no foreign text into the message but names', () => {
    const hostile = build('x', RUN, [
      'E: Unable to locate package \u001b[31mred\u0007',
    ]);
    expect(hostile.message).not.toMatch(/[\u0000-\u001f]/);
  });
});

describe('classifyPushFailure', () => {
  it.each([
    ['BUILD_PUSH_DENIED', 'no basic auth credentials', 'none is stored'],
    [
      'BUILD_PUSH_DENIED',
      'unauthorized: authentication required',
      'may not push',
    ],
    [
      'BUILD_PUSH_DENIED',
      'denied: requested access to the resource is denied',
      'may not push',
    ],
    [
      'BUILD_PUSH_DENIED',
      'push access denied, repository does not exist or may require authorization',
      'may not push',
    ],
    [
      'BUILD_PUSH_DENIED',
      'failed to authorize: unexpected status from GET request: 401 Unauthorized',
      'may not push',
    ],
    [
      'BUILD_PUSH_DENIED',
      'unexpected status from POST request to https://r.example.com/v2/a/blobs/uploads/: 403 Forbidden',
      'may not push',
    ],
    [
      'BUILD_PUSH_DENIED',
      "tag invalid: The image tag '1' already exists in the 'a' repository and cannot be overwritten because the repository is immutable.",
      'does not let it be replaced',
    ],
    [
      'BUILD_PUSH_DENIED',
      "name unknown: The repository with name 'a' does not exist in the registry with id '1'",
      'no such repository',
    ],
    [
      'BUILD_PUSH_DENIED',
      'adding 1 GiB of storage resource, which when updated to current usage will exceed the configured upper limit: quota',
      'quota',
    ],
    ['BUILD_PUSH_FAILED', 'toomanyrequests: slow down', 'asks to wait'],
    [
      'BUILD_PUSH_FAILED',
      'received unexpected HTTP status: 500 Internal Server Error',
      'answered the push with 500',
    ],
    [
      'BUILD_PUSH_FAILED',
      'unexpected status from PUT request to https://r.example.com/v2/a: 503 Service Unavailable',
      '503',
    ],
    [
      'BUILD_PUSH_FAILED',
      'Get "http://127.0.0.1:5999/v2/": dial tcp 127.0.0.1:5999: connect: connection refused',
      'refused',
    ],
    [
      'BUILD_PUSH_FAILED',
      'Get "https://r.example.com/v2/": x509: certificate signed by unknown authority',
      'certificate',
    ],
    [
      'BUILD_PUSH_FAILED',
      'Get "https://r.example.com/v2/": http: server gave HTTP response to HTTPS client',
      'plain http',
    ],
    [
      'BUILD_PUSH_FAILED',
      'net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
      'in time',
    ],
    [
      'BUILD_PUSH_FAILED',
      'An image does not exist locally with the tag: r.example.com/a',
      'removed from the engine',
    ],
    [
      'BUILD_PUSH_FAILED',
      'tag does not exist: r.example.com/a:1',
      'removed from the engine',
    ],
    ['BUILD_PUSH_FAILED', 'something new', 'the step holds'],
  ])('%s: %s', (code, text, message) => {
    const failure = classifyPushFailure(text, 'r.example.com', 'push');
    expect(failure).toMatchObject({ code, step: 'push', exitCode: null });
    expect(failure.message).toContain(message);
  });
});
