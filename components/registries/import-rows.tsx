'use client';
import { Save } from 'lucide-react';
import { useState } from 'react';
import { PURPOSES } from '@/components/registries/purposes';
import { Button } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { Field } from '@/components/ui/field';
import { TextLink } from '@/components/ui/link';
import { Select } from '@/components/ui/select';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import {
  CREDENTIAL_PURPOSES,
  type CredentialPurpose,
} from '@/lib/registry/credential';
import type { ImportRowView } from '@/lib/registry/views';

export type Choice = { key: string; registryId: string | null };

const idOf = ({ key, registry }: ImportRowView) =>
  JSON.stringify([key, registry?.id ?? null]);

/** What the file would bring: each login with where it goes and what it replaces, and what is left out and why. */
export function ImportRows({
  rows,
  isPending,
  onSave,
}: {
  rows: readonly ImportRowView[];
  isPending: boolean;
  onSave: (purpose: CredentialPurpose, choices: Choice[]) => void;
}) {
  const [purpose, setPurpose] = useState<CredentialPurpose>('push');
  const [changed, setChanged] = useState<ReadonlyMap<string, boolean>>(
    new Map(),
  );
  const usable = rows.filter(({ skipped }) => skipped === null);
  // What opens an address, or replaces a secret, is chosen by hand.
  const isChosen = (row: ImportRowView) =>
    changed.get(idOf(row)) ??
    (!row.opensAddress && !row.registry?.stored.includes(purpose));
  const choices = usable.filter(isChosen);
  return (
    <div className="grid gap-3">
      <Field
        label="What are they for?"
        hint={PURPOSES[purpose].what}
        className="sm:max-w-72"
      >
        <Select
          options={CREDENTIAL_PURPOSES.map((value) => ({
            value,
            label: PURPOSES[value].title,
          }))}
          value={purpose}
          onChange={setPurpose}
        />
      </Field>
      <Table label="What is in the file" narrow="stack">
        <THead>
          <Th>
            <span className="sr-only">Take it</span>
          </Th>
          <Th>In the file</Th>
          <Th>Login</Th>
          <Th>Becomes</Th>
        </THead>
        <TBody>
          {rows.map((row) => (
            <ImportRow
              key={idOf(row)}
              row={row}
              purpose={purpose}
              isChosen={row.skipped === null && isChosen(row)}
              onChoose={(isOn) =>
                setChanged(new Map(changed).set(idOf(row), isOn))
              }
            />
          ))}
        </TBody>
      </Table>
      <div>
        <Button
          variant="primary"
          icon={<Save aria-hidden />}
          isPending={isPending}
          disabledReason={choices.length === 0 && 'Choose at least one.'}
          onClick={() =>
            onSave(
              purpose,
              choices.map(({ key, registry }) => ({
                key,
                registryId: registry?.id ?? null,
              })),
            )
          }
        >
          {`Store ${String(choices.length)} ${choices.length === 1 ? 'credential' : 'credentials'}`}
        </Button>
      </div>
    </div>
  );
}

function ImportRow({
  row,
  purpose,
  isChosen,
  onChoose,
}: {
  row: ImportRowView;
  purpose: CredentialPurpose;
  isChosen: boolean;
  onChoose: (isOn: boolean) => void;
}) {
  return (
    <Tr>
      <Td>
        {row.skipped === null && (
          <input
            type="checkbox"
            aria-label={`Take ${row.key} for ${row.registry?.name ?? 'a new registry'}`}
            checked={isChosen}
            onChange={(event) => onChoose(event.target.checked)}
          />
        )}
      </Td>
      <Td label="In the file">
        <span className="font-mono text-xs break-words">{row.key}</span>
      </Td>
      <Td label="Login">
        {row.username === '' ? (
          <span className="text-ink-3">{row.method ? 'a token' : '–'}</span>
        ) : (
          <span className="font-mono text-xs break-words">{row.username}</span>
        )}
      </Td>
      <Td label="Becomes">
        <Becomes row={row} purpose={purpose} />
      </Td>
    </Tr>
  );
}

function Becomes({
  row,
  purpose,
}: {
  row: ImportRowView;
  purpose: CredentialPurpose;
}) {
  const { skipped, registry, newName, prefix, opensAddress, plainHttp } = row;
  if (skipped !== null)
    return (
      <span className="inline-flex flex-wrap items-center gap-1.5">
        <Chip>left out</Chip>
        <span className="text-ink-2">{skipped}</span>
      </span>
    );
  if (registry) {
    const replaces = registry.stored.includes(purpose);
    return (
      <span className="inline-flex flex-wrap items-center gap-1.5">
        {replaces && <Chip tone="warn">replaces</Chip>}
        <span>
          the {PURPOSES[purpose].word} credential of{' '}
          <TextLink
            href={`/registries/${registry.id}`}
            className="font-semibold"
          >
            {registry.name}
          </TextLink>
        </span>
      </span>
    );
  }
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <Chip tone="accent">new</Chip>
      <span>
        registry <b className="font-semibold">{newName}</b> (
        <span className="font-mono text-xs">{prefix}</span>)
      </span>
      {opensAddress && (
        <Chip tone="warn">
          opens this address{plainHttp ? ', plain http' : ''}
        </Chip>
      )}
    </span>
  );
}
