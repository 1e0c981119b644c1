import { AppError } from '@/lib/errors';
import { parseReference } from '@/lib/registry/reference';

/** Says what to do about a value, or nothing when it is fine. */
export type FieldRule = (value: string) => string | undefined;

const CONTROL = /[^\P{Cc}\t]/u;
// With the u flag only a surrogate without its partner matches.
const LONE_SURROGATE = /\p{Cs}/u;
const COMPONENT = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const HOST =
  /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

/** Text that stays on its line: no line break or other control character but the tab, and valid UTF-8. */
export const singleLine: FieldRule = (value) => {
  if (/[\r\n]/.test(value)) return 'Keep this on one line.';
  if (CONTROL.test(value)) return 'Remove the control character.';
  return wellFormed(value);
};

/** Text that can be written as UTF-8. */
export const wellFormed: FieldRule = (value) =>
  LONE_SURROGATE.test(value)
    ? 'Remove the broken character; it cannot be written as UTF-8.'
    : undefined;

/** The repository below the registry, as a registry accepts it. Upper case passes, because flytekit lowers it. */
export const nameRule: FieldRule = (value) => {
  const fault = singleLine(value);
  if (fault) return fault;
  if (value.trim() === '') return 'Give the image a name, such as train.';
  if (value.includes('@')) return 'Leave the digest off the name.';
  if (value.includes(':')) {
    return 'Leave the tag off the name; it is computed from the fields.';
  }
  if (value.startsWith('/') || value.endsWith('/') || value.includes('//')) {
    return 'Put one "/" between two parts, none at the start or the end.';
  }
  const bad = value
    .toLowerCase()
    .split('/')
    .find((part) => !COMPONENT.test(part));
  return bad === undefined
    ? undefined
    : `“${clip(bad)}” is no repository name: use letters and digits, with single . _ - between them.`;
};

/** `host[:port][/path]`, flytekit's rule, and a path that registries accept. Empty means none. */
export const registryRule: FieldRule = (value) => {
  if (value === '') return undefined;
  const fault = singleLine(value);
  if (fault) return fault;
  const text = value.toLowerCase();
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//.exec(text)?.[0];
  if (scheme) return `Leave off “${scheme}”; write ghcr.io/acme.`;
  if (/\s/.test(text)) return 'Remove the space.';
  if (text.endsWith('/')) return 'Remove the “/” at the end.';
  const [host = '', ...segments] = text.split('/');
  if (segments.some((part) => /[:@]/.test(part)) || host.includes('@')) {
    return 'Leave off the tag or digest; the tag is computed from the fields.';
  }
  const [domain = '', port, extra] = host.split(':');
  if (extra !== undefined) return 'Write one port: host:port/path.';
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) < 65536)) {
    return 'The port is a number up to 65535.';
  }
  // Docker reads a first part without a dot or port as an organisation on Docker Hub.
  const isHost =
    port !== undefined || domain === 'localhost' || domain.includes('.');
  if (!(isHost ? HOST : COMPONENT).test(domain)) {
    return 'Start with the host of the registry, such as ghcr.io or localhost:30000.';
  }
  const bad = segments.find((part) => !COMPONENT.test(part));
  return bad === undefined
    ? undefined
    : `“${clip(bad)}” cannot be part of a repository: use letters and digits, with single . _ - between them.`;
};

/** Any image reference an engine can pull. */
export const imageRule: FieldRule = (value) => {
  try {
    parseReference(value);
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
};

export const pythonVersionRule: FieldRule = (value) =>
  value === '' || /^3\.\d{1,2}(?:\.\d{1,3})?$/.test(value)
    ? undefined
    : 'Write a Python 3 version, such as 3.12 or 3.12.4.';

/** A path or a name of an interpreter of the base image. */
export const pythonExecRule: FieldRule = (value) =>
  value === '' || /^[A-Za-z0-9/][A-Za-z0-9._/+-]*$/.test(value)
    ? undefined
    : 'Write the path of the interpreter in the base image, such as /usr/bin/python3.';

const ARCHITECTURES =
  /^linux\/(?:amd64|arm64|386|arm\/v[5-8]|ppc64le|s390x|riscv64)$/;

/** One platform or several separated by commas, as `docker build --platform` takes them. */
export const platformRule: FieldRule = (value) => {
  const platforms = value.split(',');
  const bad = platforms.find((platform) => !ARCHITECTURES.test(platform));
  if (bad !== undefined) {
    return `“${clip(bad)}” is no platform we know: write linux/amd64 or linux/arm64, without spaces.`;
  }
  return new Set(platforms).size === platforms.length
    ? undefined
    : 'Name each platform once.';
};

/** The path under which the code knows the file; its text is kept apart. */
export const requirementsRule: FieldRule = (value) =>
  singleLine(value) ??
  (value.endsWith('/') ? 'Name a file, such as requirements.txt.' : undefined);

/** One word of `ENTRYPOINT`, which is written as JSON and may hold line breaks. */
export const entrypointRule: FieldRule = (value) => {
  if (value.includes('\0')) return 'Remove the control character.';
  return wellFormed(value);
};

/** A variable name that no quoting can break out of. */
export const envKeyRule: FieldRule = (value) => {
  if (value === '') return 'Write NAME=value.';
  return /^[^\s=\p{C}\p{Z}"'`\\$#]+$/u.test(value)
    ? undefined
    : `“${clip(value)}” is no variable name: leave out spaces, quotes, $, #, = and backslashes.`;
};

/** The file name at the end of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** At most 60 characters of a value, to quote it in a message. */
export function clip(text: string): string {
  const points = [...text];
  return points.length > 60 ? `${points.slice(0, 59).join('')}…` : text;
}
