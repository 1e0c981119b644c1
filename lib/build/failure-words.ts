import type { Failure } from '@/lib/build/protocol';

// Engines have no stable error codes, so each rule lists the wordings of all of them; the first that fits counts.

/** `subject` is what the failure is about: the base image, or the registry host of a push. */
export type Rule = {
  code: Failure['code'];
  when: RegExp;
  say: string | ((match: RegExpMatchArray, subject: string) => string);
};

/** Why a registry could not be reached, as the end of a sentence. */
const NETWORK: readonly [RegExp, string][] = [
  [/x509|certificate|tls: /i, 'its certificate is not trusted by the engine'],
  [
    /server gave HTTP response to HTTPS client/i,
    'it answers in plain http, which the engine does not allow for it',
  ],
  [
    /no such host|server misbehaving|name resolution/i,
    'its host name is not known to the engine',
  ],
  [/connection refused/i, 'the connection was refused'],
  [/network is unreachable|no route to host/i, 'the network does not reach it'],
  [
    /i\/o timeout|deadline exceeded|Client\.Timeout|handshake timeout/i,
    'it did not answer in time',
  ],
];

const RATE_LIMIT = /toomanyrequests|too many requests|\b429\b|rate limit/i;
const DENIED =
  /\b40[13]\b|unauthorized|authentication required|no basic auth credentials|access denied|denied:|authorization failed|insufficient_scope|forbidden/i;

/** For the last lines of a command that failed. */
export const LOG_RULES: readonly Rule[] = [
  {
    code: 'BUILD_APT_NOT_FOUND',
    when: /^E: (?:Unable to locate package|Couldn't find any package by \w+) '?([^\s']+)/m,
    say: (match) => `The base has no apt package ${quote(match[1])}.`,
  },
  {
    code: 'BUILD_APT_NOT_FOUND',
    when: /^E: Package '([^']+)' has no installation candidate/m,
    say: (match) =>
      `The apt package ${quote(match[1])} cannot be installed from the sources of this base.`,
  },
  {
    code: 'BUILD_APT_NOT_FOUND',
    when: /^E: Version '([^']+)' for '([^']+)' was not found/m,
    say: (match) =>
      `The apt package ${quote(match[2])} has no version ${quote(match[1])} in this base.`,
  },
  {
    code: 'BUILD_PACKAGE_NOT_FOUND',
    when: /Because (\S+) was not found in the package registry/,
    say: (match) => `The package index has no package ${quote(match[1])}.`,
  },
  {
    code: 'BUILD_PACKAGE_NOT_FOUND',
    when: /Because there (?:is|are) no versions? of (\S+)/,
    say: (match) =>
      `The package index has no such version of ${quote(match[1])}.`,
  },
  {
    code: 'BUILD_PACKAGE_NOT_FOUND',
    when: /No matching distribution found for (\S+)/,
    say: (match) =>
      `The package index has no version of ${quote(match[1])} for this Python.`,
  },
  {
    code: 'BUILD_PACKAGE_NOT_FOUND',
    when: /nothing provides (?:requested )?(\S+)/,
    say: (match) => `The conda channels have no package ${quote(match[1])}.`,
  },
  {
    code: 'BUILD_PACKAGE_NOT_FOUND',
    when: /(\S+) does not exist \(perhaps a typo/,
    say: (match) => `The conda channels have no package ${quote(match[1])}.`,
  },
  {
    code: 'BUILD_PACKAGE_NOT_FOUND',
    when: /No solution found when resolving|requirements are unsatisfiable|ResolutionImpossible/,
    say: 'No set of versions satisfies all packages together; the last lines name the conflict.',
  },
  {
    code: 'BUILD_PLATFORM_MISMATCH',
    when: /exec format error/i,
    say: 'The base image is for another platform: its programs do not run on this worker.',
  },
];

/** For the words about a base image that could not be had. */
export const BASE_RULES: readonly Rule[] = [
  {
    code: 'BUILD_BASE_DENIED',
    when: RATE_LIMIT,
    say: (_match, base) =>
      `The registry of ${base} asks to wait: too many anonymous pulls.`,
  },
  {
    code: 'BUILD_PLATFORM_MISMATCH',
    when: /no match for platform|no matching manifest/i,
    say: (_match, base) => `${base} has no variant for this platform.`,
  },
  ...NETWORK.map(([when, reason]): Rule => ({
    code: 'BUILD_BASE_NOT_FOUND',
    when,
    say: (_match, base) =>
      `The registry of ${base} could not be reached: ${reason}.`,
  })),
  {
    code: 'BUILD_BASE_DENIED',
    when: DENIED,
    say: (_match, base) =>
      `${base} may not be pulled: it is private, or does not exist.`,
  },
  {
    code: 'BUILD_BASE_NOT_FOUND',
    when: /not found|manifest unknown|name unknown|does not exist/i,
    say: (_match, base) => `There is no image ${base}.`,
  },
];

/** For what else the engine says when no command failed. */
export const BUILD_RULES: readonly Rule[] = [
  {
    code: 'BUILD_PLATFORM_MISMATCH',
    when: /exec format error/i,
    say: 'The base image is for another platform: its programs do not run on this worker.',
  },
  {
    code: 'BUILD_PLATFORM_MISMATCH',
    when: /no match for platform|no matching manifest|does not match the specified platform/i,
    say: 'The base image has no variant for this platform.',
  },
  {
    code: 'BUILD_DOCKERFILE_INVALID',
    when: /dockerfile parse error|unknown instruction|Syntax error - |failed to parse|failed to process "|cannot locate specified Dockerfile|invalid reference format|no build stage|circular dependency/i,
    say: 'The engine does not accept the Dockerfile.',
  },
  {
    code: 'BUILD_DOCKERFILE_INVALID',
    when: /failed to (?:compute cache key|calculate checksum|walk).*?"([^"]+)"/i,
    say: (match) =>
      `A file that the build mounts or copies is not there: ${quote(match[1])}.`,
  },
  {
    code: 'ENGINE_FAILED',
    when: /no space left on device/i,
    say: 'The disk of the engine is full.',
  },
];

/** For the words about a push. */
export const PUSH_RULES: readonly Rule[] = [
  {
    code: 'BUILD_PUSH_FAILED',
    when: RATE_LIMIT,
    say: (_match, host) => `${host} asks to wait: too many requests.`,
  },
  {
    code: 'BUILD_PUSH_DENIED',
    when: /immutable|cannot be overwritten/i,
    say: (_match, host) =>
      `${host} holds this tag already and does not let it be replaced.`,
  },
  {
    code: 'BUILD_PUSH_DENIED',
    when: /quota|storage limit/i,
    say: (_match, host) => `${host} refused the push: a quota is used up.`,
  },
  ...NETWORK.map(([when, reason]): Rule => ({
    code: 'BUILD_PUSH_FAILED',
    when,
    say: (_match, host) => `${host} could not be reached: ${reason}.`,
  })),
  {
    code: 'BUILD_PUSH_DENIED',
    when: /no basic auth credentials/i,
    say: (_match, host) =>
      `${host} asks for a credential, and none is stored for it.`,
  },
  {
    code: 'BUILD_PUSH_DENIED',
    when: /authorization token has expired/i,
    say: (_match, host) =>
      `${host} refused the push: its login expired while the image was sent.`,
  },
  {
    code: 'BUILD_PUSH_DENIED',
    when: DENIED,
    say: (_match, host) =>
      `${host} refused the push: the credential may not push here.`,
  },
  {
    code: 'BUILD_PUSH_DENIED',
    when: /name unknown|name_unknown|repository .*(?:not found|does not exist)/i,
    say: (_match, host) =>
      `${host} has no such repository and does not create it on push.`,
  },
  {
    code: 'BUILD_PUSH_FAILED',
    when: /tag does not exist|does not exist locally/i,
    say: 'The built image was removed from the engine before it was pushed.',
  },
  {
    code: 'BUILD_PUSH_FAILED',
    when: /\b(5\d\d)\b/,
    say: (match, host) => `${host} answered the push with ${match[1]}.`,
  },
];

/** A name out of foreign text, short enough for a message. */
export function quote(name: string | undefined): string {
  return (name ?? '').slice(0, 200).replace(/[\s\p{C}]+/gu, ' ');
}
