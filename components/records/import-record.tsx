'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { ErrorNotice } from '@/components/ui/error-notice';
import { FileButton } from '@/components/ui/file-button';
import { Notice } from '@/components/ui/notice';
import { ProgressBar } from '@/components/ui/progress-bar';
import { MAX_RECORD_BYTES } from '@/lib/build/build-record';
import { errorView } from '@/lib/queries/fetch-json';
import { useImportRecord } from '@/lib/queries/records';

/** Takes the file of an exported build, and leads to the build. */
export function ImportRecord() {
  const router = useRouter();
  const importing = useImportRecord();
  const [sent, setSent] = useState(0);
  const [isTooLarge, setTooLarge] = useState(false);
  const controller = useRef<AbortController>(null);
  useEffect(() => () => controller.current?.abort(), []);

  const send = (file: File) => {
    importing.reset();
    setTooLarge(file.size > MAX_RECORD_BYTES);
    if (file.size > MAX_RECORD_BYTES) return;
    controller.current?.abort();
    const mine = new AbortController();
    controller.current = mine;
    setSent(0);
    importing.mutate(
      { file, signal: mine.signal, onProgress: setSent },
      { onSuccess: ({ id }) => router.push(`/builds/records/${id}`) },
    );
  };
  return (
    <section aria-label="Import" className="mb-4 grid max-w-2xl gap-2">
      <p className="text-ink-2">
        A record is what <b>Export record</b> on the page of a build gives, here
        or elsewhere. It is shown as the build was, and counts nowhere as one of
        yours.
      </p>
      <div>
        <FileButton
          label="Record of a build"
          accept=".gz,.tgz,application/gzip"
          onChoose={send}
        />
      </div>
      {importing.isPending && (
        <div role="status">
          <p className="mb-1 text-xs text-ink-3">
            {sent < 1 ? 'Sending…' : 'Reading…'}
          </p>
          <ProgressBar value={sent} label="Sending the record" />
        </div>
      )}
      {isTooLarge && (
        <Notice
          tone="bad"
          role="alert"
          title="The file is larger than 64 MiB, which no record may be."
        />
      )}
      {importing.error && <ErrorNotice error={errorView(importing.error)} />}
    </section>
  );
}
