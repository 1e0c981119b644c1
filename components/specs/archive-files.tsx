import { Disclosure } from '@/components/ui/disclosure';
import { formatBytes, formatNumber } from '@/components/ui/format';
import type { ArchiveFile } from '@/lib/imagespec/archive';

const MAX_ROWS = 500;

/** What is in a project, in a few words: `38 files, 1.2 MB`. */
export function summarize(files: readonly ArchiveFile[]): string {
  const size = files.reduce((total, file) => total + file.size, 0);
  const count =
    files.length === 1 ? '1 file' : `${formatNumber(files.length)} files`;
  return `${count}, ${formatBytes(size)}`;
}

/** The files of a project with their sizes, closed at first. */
export function ArchiveFiles({ files }: { files: readonly ArchiveFile[] }) {
  const rest = files.length - MAX_ROWS;
  return (
    <Disclosure summary="Files">
      <ul
        tabIndex={0}
        aria-label="Files of the project"
        className="max-h-64 overflow-auto rounded-md border bg-panel px-2 py-1 font-mono text-xs"
      >
        {files.slice(0, MAX_ROWS).map(({ path, size, isExecutable }) => (
          <li key={path} className="flex items-baseline gap-3 leading-5">
            <span className="min-w-0 flex-1 break-all">{path}</span>
            {isExecutable && (
              <span className="shrink-0 text-ink-3">executable</span>
            )}
            <span className="shrink-0 text-ink-2 tabular-nums">
              {formatBytes(size)}
            </span>
          </li>
        ))}
        {rest > 0 && (
          <li className="font-sans text-ink-3">
            and {formatNumber(rest)} more
          </li>
        )}
      </ul>
    </Disclosure>
  );
}
