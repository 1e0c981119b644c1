import { z } from 'zod';

/** Who installed a package: the system's manager (dpkg, apk), a Python installer, or conda. */
export const PACKAGE_KINDS = ['dpkg', 'apk', 'python', 'conda'] as const;
export type PackageKind = (typeof PACKAGE_KINDS)[number];

/** No more packages than this are kept of one image. */
export const MAX_PACKAGES = 10_000;
const MAX_NAME = 200;
const MAX_PLACE = 1_000;

const Name = z.string().min(1).max(MAX_NAME);
const Place = z.string().max(MAX_PLACE);

/** The packages one manager knows at one place of an image, by name. */
export const PackageGroup = z.object({
  kind: z.enum(PACKAGE_KINDS),
  /** The file or folder of the image they were read from. */
  place: Place,
  /** Name and version, as the manager spells them. */
  packages: z.array(z.tuple([Name, z.string().max(MAX_NAME)])),
});
export type PackageGroup = z.infer<typeof PackageGroup>;

/** What ended up inside an image, read without starting it. */
export const ImagePackages = z.object({
  version: z.literal(1),
  groups: z
    .array(PackageGroup)
    .max(100)
    .refine((groups) => countPackages(groups) <= MAX_PACKAGES),
  /** Why the lists are not whole, in words; `null` when they are. */
  missing: z.string().max(500).nullable(),
});
export type ImagePackages = z.infer<typeof ImagePackages>;

const byName = new Intl.Collator('en');

/** How many packages there are in all groups together. */
export function countPackages(
  groups: readonly Pick<PackageGroup, 'packages'>[],
): number {
  return groups.reduce((sum, { packages }) => sum + packages.length, 0);
}

/**
 * Puts what was read into the form it is kept in: packages by name, empty groups left out, names and versions of an odd
 * length cut, and no more than `MAX_PACKAGES`, with a word about what is missing then.
 */
export function toImagePackages(
  groups: readonly PackageGroup[],
  missing: string | null,
): ImagePackages {
  let room = MAX_PACKAGES;
  const kept: PackageGroup[] = [];
  for (const { kind, place, packages } of groups.slice(0, 100)) {
    const tidy = packages
      .filter(([name]) => name !== '')
      .map(([name, version]): [string, string] => [
        name.slice(0, MAX_NAME),
        version.slice(0, MAX_NAME),
      ])
      .sort(([a], [b]) => byName.compare(a, b))
      .slice(0, room);
    room -= tidy.length;
    if (tidy.length > 0)
      kept.push({ kind, place: place.slice(0, MAX_PLACE), packages: tidy });
  }
  const isCut = countPackages(groups) > countPackages(kept);
  return {
    version: 1,
    groups: kept,
    missing:
      missing ??
      (isCut ? `Only the first ${MAX_PACKAGES} packages are kept.` : null),
  };
}

/** The same packages with every name and version passed through `change`. */
export function mapPackageTexts(
  found: ImagePackages,
  change: (text: string) => string,
): ImagePackages {
  const groups = found.groups.map((group) => ({
    ...group,
    packages: group.packages.map(([name, version]): [string, string] => [
      change(name),
      change(version),
    ]),
  }));
  return { ...found, groups };
}

export type PackageChange = {
  kind: PackageKind;
  name: string;
  /** The versions there were and are, each once; empty for a package that came, or went. */
  before: string[];
  after: string[];
};

/**
 * What differs between the packages of two images, by kind and name. Where a package lies is left out: a new Python moves
 * every one of them.
 */
export function comparePackages(
  before: readonly PackageGroup[],
  after: readonly PackageGroup[],
): PackageChange[] {
  const changes = new Map<string, PackageChange>();
  const collect = (groups: readonly PackageGroup[], side: Side) => {
    for (const { kind, packages } of groups) {
      for (const [name, version] of packages) {
        const key = `${kind} ${name}`;
        const change = changes.get(key) ?? {
          kind,
          name,
          before: [],
          after: [],
        };
        if (!change[side].includes(version)) change[side].push(version);
        changes.set(key, change);
      }
    }
  };
  collect(before, 'before');
  collect(after, 'after');
  return [...changes.values()].filter(
    (change) =>
      change.before.sort().join('\n') !== change.after.sort().join('\n'),
  );
}

type Side = 'before' | 'after';
