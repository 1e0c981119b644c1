'use client';
import { useQuery } from '@tanstack/react-query';
import { FolderArchive, Trash2 } from 'lucide-react';
import { type DragEvent, type RefObject, useRef, useState } from 'react';
import { ArchiveFiles, summarize } from '@/components/specs/archive-files';
import {
  type Sending,
  useArchiveUpload,
} from '@/components/specs/archive-upload';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Field, useFieldProps } from '@/components/ui/field';
import { ProgressBar } from '@/components/ui/progress-bar';
import { archiveQueries } from '@/lib/queries/archives';
import { errorView } from '@/lib/queries/fetch-json';

type Archive = { sha256: string; name?: string };

/**
 * The project's folder that `copy` and `source_root` name, uploaded as an archive. It is kept as soon as it is sent, and
 * the value names it; what is in it is asked for by that name.
 */
export function ArchiveField({
  value,
  onChange,
  error,
}: {
  value: Archive | null;
  onChange: (value: Archive | null) => void;
  error?: string | undefined;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [names, setNames] = useState<Record<string, string>>({});
  const { sending, fault, send, cancel, setFault } = useArchiveUpload(
    ({ sha256 }, name) => {
      setNames({ ...names, [sha256]: name });
      onChange({ sha256, name });
    },
  );
  const stored = useQuery({
    ...archiveQueries.detail(value?.sha256 ?? ''),
    enabled: value !== null,
  });
  const lost =
    value && stored.error ? errorView(stored.error).message : undefined;
  const files = value ? stored.data?.files : undefined;
  return (
    <Field
      label="Project folder"
      hint="A .zip, .tar.gz, .tgz or .tar of the folder that pyflyte is run in, 64 MiB at most. It is kept with each revision that copies from it."
      error={fault ?? lost ?? error}
    >
      <DropZone
        input={input}
        onDrop={(file) => void send(file)}
        onFault={setFault}
      >
        {sending ? (
          <Progress
            sending={sending}
            onCancel={() => {
              cancel();
              input.current?.focus();
            }}
          />
        ) : (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <FolderArchive
              aria-hidden
              className="size-4 shrink-0 stroke-[1.75] text-ink-3"
            />
            <p role="status" className="min-w-0 flex-1 break-words">
              <Words
                name={value ? (value.name ?? names[value.sha256]) : undefined}
                text={
                  files ? summarize(files) : value && !lost ? 'Reading …' : null
                }
              />
            </p>
            <div className="flex gap-2">
              <ChooseButton input={input} isThere={value !== null} />
              {value && (
                <Button
                  size="sm"
                  icon={<Trash2 aria-hidden />}
                  onClick={() => {
                    setFault(undefined);
                    onChange(null);
                    input.current?.focus();
                  }}
                >
                  Remove
                </Button>
              )}
            </div>
          </div>
        )}
        {!sending && value && stored.data && (
          <div className="mt-1">
            {stored.data.notes.map((note) => (
              <p key={note} className="text-xs break-words text-ink-2">
                {note}
              </p>
            ))}
            <ArchiveFiles files={stored.data.files} />
          </div>
        )}
      </DropZone>
    </Field>
  );
}

function Words({
  name,
  text,
}: {
  name: string | undefined;
  text: string | null;
}) {
  if (text === null)
    return <span className="text-ink-2">Drop an archive here.</span>;
  return (
    <>
      {name !== undefined && <span className="font-mono text-xs">{name} </span>}
      <span className="tabular-nums">{text}</span>
    </>
  );
}

function DropZone({
  input,
  onDrop,
  onFault,
  children,
}: {
  input: RefObject<HTMLInputElement | null>;
  onDrop: (file: File) => void;
  onFault: (fault: string) => void;
  children: React.ReactNode;
}) {
  const [isOver, setOver] = useState(false);
  const props = useFieldProps();
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file, ...others] = event.dataTransfer.files;
    const [item] = event.dataTransfer.items;
    if (item?.webkitGetAsEntry()?.isDirectory)
      onFault('This is a folder. Pack it as .zip or .tar.gz, and drop that.');
    else if (file && others.length === 0) onDrop(file);
    else onFault('Drop one archive.');
  };
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={cn(
        'relative rounded-md border border-dashed px-3 py-2 has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-accent',
        props['aria-invalid'] ? 'border-bad' : 'border-line-strong',
        isOver && 'bg-accent-soft',
      )}
    >
      <input
        {...props}
        ref={input}
        type="file"
        accept=".zip,.tar,.tgz,.gz,application/zip,application/gzip,application/x-tar"
        className="sr-only"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file) onDrop(file);
          event.target.value = '';
        }}
      />
      {children}
    </div>
  );
}

// For the mouse: by keyboard and to screen readers the file input itself is the control.
function ChooseButton({
  input,
  isThere,
}: {
  input: RefObject<HTMLInputElement | null>;
  isThere: boolean;
}) {
  return (
    <Button
      size="sm"
      tabIndex={-1}
      aria-hidden
      onClick={() => input.current?.click()}
    >
      {isThere ? 'Replace' : 'Choose an archive'}
    </Button>
  );
}

function Progress({
  sending: { name, part },
  onCancel,
}: {
  sending: Sending;
  onCancel: () => void;
}) {
  const isSent = part >= 1;
  return (
    <div className="grid gap-2">
      <div className="flex items-center gap-3">
        <p role="status" className="min-w-0 flex-1 break-words">
          {isSent ? 'Unpacking' : 'Sending'}{' '}
          <span className="font-mono text-xs">{name}</span> …
        </p>
        <Button size="sm" onClick={onCancel}>
          Cancel
        </Button>
      </div>
      <ProgressBar value={part} label={`Sending ${name}`} />
    </div>
  );
}
