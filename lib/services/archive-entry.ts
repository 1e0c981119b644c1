import 'server-only';

/** One entry of an archive as it was written there: nothing of it is checked. */
export type ArchiveEntry = {
  name: string;
  kind: 'file' | 'folder' | 'symlink' | 'hard link' | 'sparse' | 'other';
  isExecutable: boolean;
  /** The content, at most once and before the next entry. Its length is what comes, whatever a header says. */
  body: AsyncIterable<Uint8Array>;
};
