'use client';
import { FileUp } from 'lucide-react';
import { useRef } from 'react';
import { Button } from '@/components/ui/button';

/** Lets a person choose one file, beside a field that takes its text. `label` says what the file holds. */
export function FileButton({
  label,
  accept,
  onChoose,
}: {
  label: string;
  accept?: string;
  onChoose: (file: File) => void;
}) {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={chooser}
        type="file"
        className="hidden"
        aria-label={label}
        accept={accept}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) onChoose(file);
          // The same file may be chosen again once it was mended.
          event.target.value = '';
        }}
      />
      <Button
        size="sm"
        icon={<FileUp aria-hidden />}
        onClick={() => chooser.current?.click()}
      >
        Choose a file
      </Button>
    </>
  );
}
