'use client';
import { RefreshCw, Trash2 } from 'lucide-react';
import { StoreDialog } from '@/components/secrets/store-dialog';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { TextLink } from '@/components/ui/link';
import { OWNER_ONLY } from '@/components/ui/owner-only';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { SecretView } from '@/lib/imagespec/secrets';
import { useDeleteSecret } from '@/lib/queries/secrets';

export function SecretTable({
  secrets,
  isOwner,
}: {
  secrets: readonly SecretView[];
  isOwner: boolean;
}) {
  return (
    <Table label="Secrets" narrow="stack">
      <THead>
        <Th>Secret</Th>
        <Th>Mounted by</Th>
        <Th>Stored by</Th>
        <Th isNumeric>Stored</Th>
        <Th isNumeric>Last used</Th>
        <Th>
          <span className="sr-only">Replace or delete</span>
        </Th>
      </THead>
      <TBody>
        {secrets.map((secret) => (
          <SecretRow key={secret.id} secret={secret} isOwner={isOwner} />
        ))}
      </TBody>
    </Table>
  );
}

function SecretRow({
  secret,
  isOwner,
}: {
  secret: SecretView;
  isOwner: boolean;
}) {
  return (
    <Tr>
      <Td>
        <span className="font-mono text-xs break-all">{secret.name}</span>
      </Td>
      <Td label="Mounted by">
        {secret.specs.length === 0 ? (
          <span className="text-ink-3">no spec</span>
        ) : (
          <SpecLinks specs={secret.specs} />
        )}
      </Td>
      <Td label="Stored by">
        {secret.storedBy ?? (
          <span className="text-ink-3">someone who left</span>
        )}
      </Td>
      <Td label="Stored" isNumeric className="text-ink-2">
        <Time at={secret.storedAt} />
      </Td>
      <Td label="Last used" isNumeric className="text-ink-2">
        {secret.lastUsedAt ? (
          <Time at={secret.lastUsedAt} />
        ) : (
          <span className="text-ink-3">never</span>
        )}
      </Td>
      <Td>
        <span className="flex gap-1 sm:justify-end">
          <StoreDialog
            name={secret.name}
            trigger={
              <Button
                size="sm"
                icon={<RefreshCw aria-hidden />}
                disabledReason={!isOwner && OWNER_ONLY}
                aria-label={`Replace ${secret.name}`}
              >
                Replace
              </Button>
            }
          />
          <DeleteDialog secret={secret} isOwner={isOwner} />
        </span>
      </Td>
    </Tr>
  );
}

function SpecLinks({ specs }: { specs: SecretView['specs'] }) {
  return (
    <span className="min-w-0 break-words">
      {specs.map((spec, index) => (
        <span key={spec.id}>
          {index > 0 && ', '}
          <TextLink href={`/specs/${spec.id}`}>{spec.name}</TextLink>
        </span>
      ))}
    </span>
  );
}

function DeleteDialog({
  secret,
  isOwner,
}: {
  secret: SecretView;
  isOwner: boolean;
}) {
  const remove = useDeleteSecret();
  const { name, specs } = secret;
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      confirmLabel="Delete it"
      onConfirm={() => remove.mutateAsync({ secretId: secret.id })}
      trigger={
        <Button
          variant="danger"
          size="sm"
          icon={<Trash2 aria-hidden />}
          disabledReason={!isOwner && OWNER_ONLY}
          aria-label={`Delete ${name}`}
        >
          Delete
        </Button>
      }
    >
      <p>Its sealed content is erased.</p>
      {specs.length === 0 ? (
        <p>No spec mounts it.</p>
      ) : (
        <>
          <p className="mt-2">
            {specs.length === 1 ? 'This spec' : `These ${specs.length} specs`}{' '}
            cannot be built until a secret of that name is stored again:
          </p>
          <ul className="mt-1 max-h-40 list-disc overflow-y-auto pl-5">
            {specs.map((spec) => (
              <li key={spec.id}>{spec.name}</li>
            ))}
          </ul>
        </>
      )}
    </ConfirmDialog>
  );
}
