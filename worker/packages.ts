import type { OpenImage, Wanted } from '@/lib/build/engine';
import {
  type NamedVersion,
  readApkInstalled,
  readCondaMeta,
  readDpkgStatus,
  readPythonMetadata,
} from '@/lib/build/package-readers';
import {
  type ImagePackages,
  type PackageGroup,
  toImagePackages,
} from '@/lib/build/packages';

/** The largest file that is read whole: a system's list of packages. */
const LIST_BYTES = 32 * 1024 * 1024;
/** Name and version stand at the head of a distribution's metadata. */
const METADATA_BYTES = 64 * 1024;
const PYTHON_METADATA =
  /^[^/]+(?:\.dist-info\/METADATA|\.egg-info\/PKG-INFO|\.egg-info)$/;
const PYTHON_MINORS = Array.from({ length: 12 }, (_, index) => index + 6);
const MAX_PREFIXES = 20;
/** So many folders are remembered. */
const MAX_FOLDERS = 50;

/** What this worker read lately: of an image by its id, of a folder by its path and the time it last changed. */
export type KnownPackages = {
  images: Map<string, ImagePackages>;
  folders: Map<string, PackageGroup>;
};

/** Keeps a value, and of all the last `most`. */
export function remember<Value>(
  known: Map<string, Value>,
  key: string,
  value: Value,
  most: number,
): void {
  known.set(key, value);
  for (const oldest of known.keys()) {
    if (known.size <= most) return;
    known.delete(oldest);
  }
}

type Reader = {
  kind: PackageGroup['kind'];
  place: string;
  /** The same folder at the same time; `null` where that cannot be told. */
  key: string | null;
  wanted: Wanted;
  read: (text: string) => NamedVersion[];
};

/**
 * The packages in an image: those of its system, and of each Python and conda environment that its PATH and its variables
 * name. A folder of Python's that is among `known` is not read again: its distributions come and go as entries of it, so
 * that the same folder with the same time holds the same. Never rejects: what could not be read is missing, and the answer
 * says so.
 */
export async function readPackages(
  image: OpenImage,
  signal: AbortSignal,
  known: KnownPackages['folders'] = new Map(),
): Promise<ImagePackages> {
  const groups: PackageGroup[] = [];
  try {
    for (const reader of [...SYSTEM, ...(await pythonReaders(image))]) {
      groups.push(await readGroup(image, reader, known));
    }
    return toImagePackages(groups, null);
  } catch {
    const reason = signal.aborted
      ? 'Reading took too long'
      : 'The engine broke off while they were read';
    return toImagePackages(groups, `${reason}: some packages are not listed.`);
  }
}

/** So many bytes of the files of such a path; folders are left out but for these. */
function filesLike(path: RegExp, bytes: number, folders = /^$/): Wanted {
  return {
    file: (file) => (path.test(file) ? bytes : 0),
    folder: (folder) => folders.test(folder),
  };
}

const SYSTEM: readonly Reader[] = [
  {
    kind: 'dpkg',
    place: '/var/lib/dpkg/status',
    key: null,
    wanted: filesLike(/^$/, LIST_BYTES),
    read: readDpkgStatus,
  },
  {
    kind: 'dpkg',
    place: '/var/lib/dpkg/status.d',
    key: null,
    wanted: filesLike(/^(?!.*\.md5sums$)/, METADATA_BYTES),
    read: readDpkgStatus,
  },
  {
    kind: 'apk',
    place: '/lib/apk/db/installed',
    key: null,
    wanted: filesLike(/^$/, LIST_BYTES),
    read: readApkInstalled,
  },
];

async function readGroup(
  image: OpenImage,
  { kind, place, key, wanted, read }: Reader,
  known: KnownPackages['folders'],
): Promise<PackageGroup> {
  const before = key === null ? undefined : known.get(key);
  if (before) return before;
  const packages: NamedVersion[] = [];
  for await (const { head } of image.read(place, wanted)) {
    packages.push(...read(head.toString('utf8')));
  }
  const group = { kind, place, packages };
  if (key !== null) remember(known, key, group, MAX_FOLDERS);
  return group;
}

const one = (found: NamedVersion | null) => (found ? [found] : []);

async function pythonReaders(image: OpenImage): Promise<Reader[]> {
  const readers: Reader[] = [];
  for (const prefix of prefixesOf(image.env)) {
    const sites = sitesOf(prefix);
    const found = await Promise.all(sites.map((place) => image.stat(place)));
    for (const [at, place] of sites.entries()) {
      const folder = found[at];
      if (folder) readers.push(pythonReader(place, folder.changedAt));
    }
    readers.push({
      kind: 'conda',
      place: `${prefix}/conda-meta`,
      key: null,
      wanted: filesLike(/^[^/]+\.json$/, LIST_BYTES),
      read: (text) => one(readCondaMeta(text)),
    });
  }
  return readers;
}

function pythonReader(place: string, changedAt: string | null): Reader {
  return {
    kind: 'python',
    place,
    key: changedAt === null ? null : `${place} ${changedAt}`,
    wanted: filesLike(
      PYTHON_METADATA,
      METADATA_BYTES,
      /^[^/]+\.(?:dist|egg)-info$/,
    ),
    read: (text) => one(readPythonMetadata(text)),
  };
}

/** Where an environment may lie: above each folder of programs, and where its variables say. `/bin` is `/usr/bin`. */
function prefixesOf(env: ReadonlyMap<string, string>): string[] {
  const programs = [
    ...(env.get('PATH') ?? '').split(':'),
    (env.get('UV_PYTHON') ?? '').replace(/\/[^/]*$/, ''),
  ];
  const prefixes = [
    env.get('VIRTUAL_ENV') ?? '',
    env.get('CONDA_PREFIX') ?? '',
    '/usr',
    '/usr/local',
    ...programs.map((folder) => /^(.*)\/s?bin\/?$/.exec(folder)?.[1] ?? ''),
  ].filter((prefix) => /^\/[^/]/.test(prefix));
  return [...new Set(prefixes)].slice(0, MAX_PREFIXES);
}

function sitesOf(prefix: string): string[] {
  return [
    `${prefix}/lib/python3/dist-packages`,
    ...PYTHON_MINORS.flatMap((minor) => [
      `${prefix}/lib/python3.${minor}/site-packages`,
      `${prefix}/lib/python3.${minor}/dist-packages`,
    ]),
  ];
}
