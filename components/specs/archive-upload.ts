import { useEffect, useRef, useState } from 'react';
import { plainMessage } from '@/components/ui/message';
import { type ArchiveView, MAX_ARCHIVE_BYTES } from '@/lib/imagespec/archive';
import { useStoreArchive } from '@/lib/queries/archives';
import { errorView } from '@/lib/queries/fetch-json';

/** An upload on its way: `part` of it is sent, 0 to 1. */
export type Sending = { name: string; part: number };

/** Uploads one archive at a time, and says how far it is or why it was not taken. */
export function useArchiveUpload(
  onStored: (view: ArchiveView, name: string) => void,
) {
  const store = useStoreArchive();
  const [sending, setSending] = useState<Sending | null>(null);
  const [fault, setFault] = useState<string>();
  const controller = useRef<AbortController>(null);
  useEffect(() => () => controller.current?.abort(), []);

  const send = async (file: File) => {
    const { name } = file;
    controller.current?.abort();
    const mine = new AbortController();
    controller.current = mine;
    const refused = faultOf(file);
    setFault(refused);
    setSending(refused === undefined ? { name, part: 0 } : null);
    if (refused !== undefined) return;
    try {
      const view = await store.mutateAsync({
        file,
        signal: mine.signal,
        onProgress: (part) => {
          if (!mine.signal.aborted) setSending({ name, part });
        },
      });
      onStored(view, name);
    } catch (error) {
      // Cancelled by the person, or by the next file.
      if (mine.signal.aborted) return;
      setFault(explain(error));
    }
    setSending(null);
  };
  const cancel = () => {
    controller.current?.abort();
    setSending(null);
  };
  return { sending, fault, send, cancel, setFault };
}

/** Why a file need not be sent at all. */
function faultOf({ name, size }: File): string | undefined {
  if (size === 0) return `${name} is empty. Pack the folder again.`;
  return size > MAX_ARCHIVE_BYTES
    ? `${name} is larger than 64 MiB. Leave out what no image needs, such as data, .git and virtual environments.`
    : undefined;
}

function explain(error: unknown): string {
  const { code, message, hint } = errorView(error);
  return code === 'INVALID_INPUT'
    ? message
    : `${message} ${plainMessage(hint)}`;
}
