import 'server-only';
import { MAX_PROJECT_BYTES, MAX_PROJECT_FILES } from '@/lib/imagespec/archive';
import type { ProjectFile, ProjectTree } from '@/lib/imagespec/tree';
import type { ArchiveEntry } from '@/lib/services/archive-entry';
import { checkNames, toPath } from '@/lib/services/archive-path';
import { quote, refusal } from '@/lib/services/archive-refusal';
import { isGzip, readTar } from '@/lib/services/archive-tar';
import { readZip } from '@/lib/services/archive-zip';

/** Folders and what is left out count too, or an archive could hold any number of them. */
const MAX_ENTRIES = 3 * MAX_PROJECT_FILES;
/** What a file begins with that macOS puts beside another, with its attributes. */
const APPLE_DOUBLE = Buffer.from([0x00, 0x05, 0x16, 0x07]);

export type ReadProject = { tree: ProjectTree; notes: string[] };

type Reading = {
  files: Map<string, ProjectFile>;
  folders: Set<string>;
  /** It has an entry for the project's folder itself, so nothing is to be taken off its paths. */
  namesRoot: boolean;
  entries: number;
  size: number;
  left: { git: number; apple: number };
};

/**
 * The project in an uploaded archive: a tar, gzipped or not, or a zip, which its bytes say and not its name. One folder
 * that holds all of it stands for the project; `.git` and what macOS adds are left out. Throws INVALID_INPUT for whatever
 * could do harm where it is unpacked, and for what is more than the limits.
 */
export async function readProject(bytes: Uint8Array): Promise<ReadProject> {
  const reading: Reading = {
    files: new Map(),
    folders: new Set(),
    namesRoot: false,
    entries: 0,
    size: 0,
    left: { git: 0, apple: 0 },
  };
  for await (const entry of openArchive(bytes)) await add(reading, entry);
  const { files, folders, left } = reading;
  if (files.size === 0) {
    throw refusal(
      'The archive holds no files. Pack the folder of the project.',
    );
  }
  checkNames([...files.keys()], folders);
  const { tree, folder } = reading.namesRoot
    ? { tree: files, folder: null }
    : withoutCommonFolder(files);
  const notes: string[] = [];
  if (folder !== null) {
    notes.push(
      `Everything lies in the folder ${quote(folder)}, so it stands for the project: write paths below it.`,
    );
  }
  if (left.git > 0) {
    notes.push(
      `Left out .git (${countFiles(left.git)}). flytekit counts it in the tag where copy names a folder that it lies in.`,
    );
  }
  if (left.apple > 0) {
    notes.push(
      `Left out ${countFiles(left.apple)} that macOS adds to archives.`,
    );
  }
  return { tree, notes };
}

function openArchive(bytes: Uint8Array): AsyncIterable<ArchiveEntry> {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return readZip(bytes);
  // POSIX.1-2017, pax: the magic of a tar's first header.
  const magic = Buffer.from(bytes.subarray(257, 262)).toString('latin1');
  if (isGzip(bytes) || magic === 'ustar') return readTar(bytes);
  throw refusal(
    'This is no .tar, .tar.gz, .tgz or .zip archive. Pack the folder of the project as one of these.',
  );
}

async function add(reading: Reading, entry: ArchiveEntry): Promise<void> {
  reading.entries += 1;
  if (reading.entries > MAX_ENTRIES) throw tooMany();
  const path = toPath(entry.name);
  const parts = path.split('/');
  const isFolder = entry.kind === 'folder';
  if ((isFolder ? parts : parts.slice(0, -1)).includes('.git')) {
    if (!isFolder) reading.left.git += 1;
    return;
  }
  if (parts[0] === '__MACOSX') {
    if (!isFolder) reading.left.apple += 1;
    return;
  }
  if (isFolder) {
    // `tar -C project .` names the project itself.
    if (path === '') reading.namesRoot = true;
    else reading.folders.add(path);
    return;
  }
  await addFile(reading, entry, path);
}

async function addFile(
  reading: Reading,
  entry: ArchiveEntry,
  path: string,
): Promise<void> {
  if (entry.kind !== 'file') throw unwanted(entry.kind, path);
  if (path === '') throw refusal('The archive holds a file without a name.');
  if (reading.files.has(path)) {
    throw refusal(
      `The archive holds ${quote(path)} more than once. Pack it again.`,
    );
  }
  const bytes = await readBody(reading, entry.body);
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.startsWith('._') && bytes.subarray(0, 4).equals(APPLE_DOUBLE)) {
    reading.left.apple += 1;
    return;
  }
  reading.files.set(path, { bytes, isExecutable: entry.isExecutable });
  if (reading.files.size > MAX_PROJECT_FILES) throw tooMany();
}

async function readBody(
  reading: Reading,
  body: ArchiveEntry['body'],
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) {
    reading.size += chunk.byteLength;
    if (reading.size > MAX_PROJECT_BYTES) {
      throw refusal(
        'Unpacked, the project is larger than 256 MiB. Leave out what no image needs, such as data and virtual environments.',
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function unwanted(kind: ArchiveEntry['kind'], path: string) {
  if (kind === 'symlink' || kind === 'hard link') {
    return refusal(
      `The archive holds a ${kind}: ${quote(path)}. Put the file itself there, or leave it out (tar -h follows links).`,
    );
  }
  return refusal(
    kind === 'sparse'
      ? `The archive holds ${quote(path)} as a sparse file. Pack it without --sparse.`
      : `The archive holds ${quote(path)}, which is neither a file nor a folder. Leave it out.`,
  );
}

function tooMany() {
  return refusal(
    'The archive holds more than 20,000 files. Leave out what no image needs, such as .git and virtual environments.',
  );
}

/** Takes the one folder away that holds everything, as archives of GitHub have it. */
function withoutCommonFolder(files: ReadonlyMap<string, ProjectFile>): {
  tree: ProjectTree;
  folder: string | null;
} {
  const [first = ''] = files.keys();
  const prefix = first.slice(0, first.indexOf('/') + 1);
  const paths = [...files.keys()];
  if (prefix === '' || !paths.every((path) => path.startsWith(prefix))) {
    return { tree: files, folder: null };
  }
  const tree = new Map(
    [...files].map(([path, file]) => [path.slice(prefix.length), file]),
  );
  return { tree, folder: prefix.slice(0, -1) };
}

function countFiles(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}
