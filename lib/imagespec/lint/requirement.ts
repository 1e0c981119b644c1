import { lockTool } from '@/lib/imagespec/requirements';
import { baseName, clip } from '@/lib/imagespec/field-rules';
import type { LintInput } from './finding';

/** What a line of requirements asks for. */
export type Requirement = {
  text: string;
  /** As package indexes compare names; `null` for an address without a name. */
  name: string | null;
  /** `pinned` is one version, `range` several, `any` all. An address is pinned by a commit, a tag or an archive. */
  version: 'pinned' | 'range' | 'any';
  isAddress: boolean;
};

export type PlacedRequirement = Requirement & {
  field: 'packages' | 'requirements' | 'runtime_packages';
  line: number;
};

/** Reads one requirement; undefined for an option, a comment or an empty line. */
export function readRequirement(line: string): Requirement | undefined {
  const text = line.replace(/(?:^|\s)#.*$/u, '').trim();
  if (text === '' || text.startsWith('-')) return undefined;
  const named =
    /^([\p{L}\p{N}][\p{L}\p{N}._-]*)\s*(?:\[[^\]]*\])?\s*(.*)$/su.exec(text);
  const [, name = '', rest = ''] = named ?? [];
  const [address] =
    /^(?:@\s*)?(?:[a-z]+\+)?(?:https?|ssh|git|file):\/\/\S+/i.exec(
      named && rest.startsWith('@') ? rest : text,
    ) ?? [];
  if (address !== undefined) {
    return {
      text,
      name: named && rest.startsWith('@') ? plainName(name) : null,
      version: isFixed(address) ? 'pinned' : 'any',
      isAddress: true,
    };
  }
  if (!named) return undefined;
  const version = (rest.split(';', 1)[0] ?? '').trim();
  return {
    text,
    name: plainName(name),
    version: !/[=<>~!]/.test(version)
      ? 'any'
      : /^\(?\s*={2,3}\s*[^\s,*]+\s*\)?$/.test(withoutHashes(version))
        ? 'pinned'
        : 'range',
    isAddress: false,
  };
}

/** A requirement as a message may repeat it: short, and without what stands before the host of an address. */
export function quoted(text: string): string {
  return clip(text.replaceAll(/:\/\/[^\s/@]+@/g, '://…@'));
}

/** Every requirement of a spec that is installed as one: not those of a lock file or a `pyproject.toml`. */
export function requirementsOf({
  spec,
  requirements,
}: LintInput): PlacedRequirement[] {
  const hasLines = isList(spec.requirements ?? '');
  return [
    ...place('requirements', hasLines ? (requirements ?? '').split('\n') : []),
    ...place('packages', spec.packages ?? []),
    ...place('runtime_packages', spec.runtime_packages ?? []),
  ];
}

/** Whether a requirements file is read line by line. */
function isList(path: string): boolean {
  return lockTool(path) === undefined && baseName(path) !== 'pyproject.toml';
}

function place(
  field: PlacedRequirement['field'],
  lines: readonly string[],
): PlacedRequirement[] {
  return lines.flatMap((line, index) => {
    const requirement = readRequirement(line);
    return requirement ? [{ ...requirement, field, line: index + 1 }] : [];
  });
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

function withoutHashes(version: string): string {
  return version.replace(/\s+(?:--hash\b.*|\\)$/s, '').trim();
}

/** An archive is fixed by itself, a repository by the commit or tag behind its path's `@`; a branch moves on. */
function isFixed(address: string): boolean {
  const url = address.replace(/^@\s*/, '').split(/[#;]/, 1)[0] ?? '';
  if (!/^[a-z]+\+/i.test(url)) return true;
  const path = url.replace(/^[^/]*\/\/[^/]*/, '');
  const ref = /@([^@]+)$/.exec(path)?.[1];
  return ref !== undefined && !/^(?:main|master|develop|HEAD)$/.test(ref);
}
