'use client';
import { Check, FileUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { type Choice, ImportRows } from '@/components/registries/import-rows';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { ErrorNotice } from '@/components/ui/error-notice';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';
import { TextLink } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { errorView } from '@/lib/queries/fetch-json';
import { useImportCredentials, useReadImport } from '@/lib/queries/registries';
import { MAX_DOCKER_CONFIG } from '@/lib/registry/docker-config';

/** A pasted or chosen file in, its logins out, to look at before anything is stored. Leaving the page forgets it. */
export function ImportPanel() {
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const reading = useReadImport();
  const saving = useImportCredentials();
  const change = (next: string) => {
    setText(next);
    setFault(null);
    reading.reset();
    saving.reset();
  };
  if (saving.data)
    return (
      <Stored registries={saving.data.registries} onAgain={() => change('')} />
    );
  const failure = reading.error && errorView(reading.error);
  return (
    <div className="grid max-w-4xl gap-4">
      <SourceField
        text={text}
        error={fault ?? failure?.fields?.text}
        onChange={change}
        onFault={setFault}
      />
      {failure && failure.fields?.text === undefined && (
        <ErrorNotice error={failure} />
      )}
      <div>
        <Button
          variant={reading.data ? 'plain' : 'primary'}
          isPending={reading.isPending}
          disabledReason={text.trim() === '' && 'Paste the file, or choose it.'}
          onClick={() => reading.mutate({ text })}
        >
          Look what is in it
        </Button>
      </div>
      {reading.data && reading.data.helpers.length > 0 && (
        <Notice title={`Not run: ${reading.data.helpers.join(', ')}`}>
          These programs of your machine keep logins in the place of the file.
          They are never run here; type those credentials instead.
        </Notice>
      )}
      {reading.data && (
        <ImportRows
          rows={reading.data.rows}
          isPending={saving.isPending}
          onSave={(purpose, choices: Choice[]) =>
            saving.mutate({ text, purpose, choices })
          }
        />
      )}
      {saving.error && <ErrorNotice error={errorView(saving.error)} />}
    </div>
  );
}

function SourceField({
  text,
  error,
  onChange,
  onFault,
}: {
  text: string;
  error: string | undefined;
  onChange: (text: string) => void;
  onFault: (fault: string) => void;
}) {
  const chooser = useRef<HTMLInputElement>(null);
  const load = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > MAX_DOCKER_CONFIG)
      onFault('More than 256 KiB; a config.json is far smaller.');
    else onChange(await file.text());
  };
  return (
    <Field
      label="config.json"
      error={error}
      hint={
        <>
          <code>~/.docker/config.json</code>, or Podman&apos;s{' '}
          <code>auth.json</code>. It is read by the server and kept nowhere;
          only what you choose below is stored, sealed.
        </>
      }
      action={
        <>
          <input
            ref={chooser}
            type="file"
            accept=".json,application/json"
            className="hidden"
            aria-label="config.json file"
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
      <Textarea
        isMono
        rows={8}
        value={text}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        placeholder='{ "auths": { "ghcr.io": { "auth": "…" } } }'
      />
    </Field>
  );
}

function Stored({
  registries,
  onAgain,
}: {
  registries: { id: string; name: string; isNew: boolean }[];
  onAgain: () => void;
}) {
  return (
    <Card
      tone="good"
      icon={<Check aria-hidden />}
      title="Stored; each is being tested now"
      className="max-w-2xl"
    >
      <ul className="grid gap-1">
        {registries.map(({ id, name, isNew }) => (
          <li key={id}>
            <TextLink href={`/registries/${id}`}>{name}</TextLink>{' '}
            <span className="text-ink-3">
              {isNew ? 'new' : 'credential stored'}
            </span>
          </li>
        ))}
      </ul>
      <div className="mt-3">
        <Button onClick={onAgain}>Import another</Button>
      </div>
    </Card>
  );
}
