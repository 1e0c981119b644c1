import { z } from 'zod';

/** Name and version of a package. */
export type NamedVersion = [name: string, version: string];

const CondaMeta = z.object({
  name: z.string(),
  version: z.string(),
  build: z.string().optional(),
});

/**
 * The installed packages of `/var/lib/dpkg/status`, or of one file of `status.d` (deb-control(5)). A package of which only
 * settings are left is not installed.
 */
export function readDpkgStatus(text: string): NamedVersion[] {
  return paragraphs(text).flatMap((fields): NamedVersion[] => {
    const status = fields.get('status');
    const isInstalled =
      status === undefined || /\sinstalled$/.test(status.trim());
    const name = fields.get('package');
    const version = fields.get('version');
    return isInstalled && name && version ? [[name, version]] : [];
  });
}

/** The installed packages of Alpine's `/lib/apk/db/installed`. */
export function readApkInstalled(text: string): NamedVersion[] {
  return text.split(/\n\n+/).flatMap((entry): NamedVersion[] => {
    const name = /^P:(.+)$/m.exec(entry)?.[1];
    const version = /^V:(.+)$/m.exec(entry)?.[1];
    return name && version ? [[name, version]] : [];
  });
}

/** Name and version in a Python distribution's `METADATA` or `PKG-INFO` (core metadata); `null` without them. */
export function readPythonMetadata(text: string): NamedVersion | null {
  const [fields] = paragraphs(text.split(/\r?\n\r?\n/, 1)[0] ?? '');
  const name = fields?.get('name');
  const version = fields?.get('version');
  return name && version ? [name, version] : null;
}

/** A package of `conda-meta`, with its build: `3.12.1 (h1234_0)`; `null` for another file. */
export function readCondaMeta(text: string): NamedVersion | null {
  try {
    const { name, version, build } = CondaMeta.parse(JSON.parse(text));
    return [name, build ? `${version} (${build})` : version];
  } catch {
    return null;
  }
}

/** Paragraphs of `Field: value` lines; lines that go on another one's value are left out. */
function paragraphs(text: string): Map<string, string>[] {
  return text
    .split(/\r?\n\r?\n+/)
    .map((paragraph) => {
      const fields = new Map<string, string>();
      for (const line of paragraph.split(/\r?\n/)) {
        const match = /^([A-Za-z][\w-]*):[ \t]*(.*)$/.exec(line);
        if (match) fields.set((match[1] ?? '').toLowerCase(), match[2] ?? '');
      }
      return fields;
    })
    .filter(({ size }) => size > 0);
}
