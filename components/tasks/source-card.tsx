'use client';
import { FileUp } from 'lucide-react';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { cn } from '@/components/ui/cn';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';

const MAX_BYTES = 1024 * 1024;

export type Source = { fileName: string; text: string };

/** Where the Python comes from: pasted, chosen or dropped. It stays in the browser until it is saved. */
export function SourceCard({
  source,
  module,
  project,
  onChange,
}: {
  source: Source;
  /** What Flyte calls the file. */
  module: string;
  /** The field that chooses where its tasks go. */
  project: ReactNode;
  onChange: (source: Source) => void;
}) {
  const chooser = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState<string>();
  const [isOver, setOver] = useState(false);
  const load = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > MAX_BYTES) {
      setFault(`${file.name} is larger than 1 MiB. Choose one Python file.`);
      return;
    }
    const text = await file.text();
    setFault(undefined);
    onChange({ fileName: file.name, text });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void load(event.dataTransfer.files[0]);
  };
  const isTooLarge = new Blob([source.text]).size > MAX_BYTES;
  return (
    <Card
      title="Python"
      actions={
        <>
          <input
            ref={chooser}
            type="file"
            accept=".py,text/x-python"
            className="hidden"
            aria-label="Python file"
            onChange={(event) => {
              void load(event.target.files?.[0]);
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
      }
    >
      <div
        className={cn('grid gap-3 rounded-md', isOver && 'bg-accent-soft')}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {project}
        <Field
          label="File"
          hint={
            <>
              Its path in your project. Flyte calls its tasks{' '}
              <span className="font-mono">{module}.…</span>
            </>
          }
          error={
            /\.py$/.test(source.fileName.trim())
              ? undefined
              : 'Name a Python file, such as workflows/train.py.'
          }
        >
          <Input
            isMono
            value={source.fileName}
            onChange={(event) =>
              onChange({ ...source, fileName: event.target.value })
            }
          />
        </Field>
        <Field
          label="Source"
          error={fault ?? (isTooLarge ? 'Paste at most 1 MiB.' : undefined)}
          hint="Paste it, or drop a file here. It is read in your browser, never run, and sent only when you save."
        >
          <Textarea
            isMono
            rows={12}
            className="max-h-96!"
            wrap="off"
            value={source.text}
            onChange={(event) =>
              onChange({ ...source, text: event.target.value })
            }
            placeholder={EXAMPLE}
          />
        </Field>
      </div>
    </Card>
  );
}

const EXAMPLE = `from flytekit import ImageSpec, task

image = ImageSpec(name="train", packages=["pandas"], registry="ghcr.io/acme")

@task(container_image=image)
def train() -> None: ...`;
