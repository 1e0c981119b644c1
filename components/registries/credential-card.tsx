'use client';
import { KeyRound } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import type { z } from 'zod';
import { CheckChip } from '@/components/registries/check-chip';
import { CredentialFields } from '@/components/registries/registry-form';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Dialog } from '@/components/ui/dialog';
import { ErrorNotice } from '@/components/ui/error-notice';
import { KeyValue, KeyValues } from '@/components/ui/facts';
import {
  Form,
  FormFailure,
  SubmitButton,
  useZodForm,
} from '@/components/ui/form';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import { errorView } from '@/lib/queries/fetch-json';
import {
  unboundRealm,
  useAllowRealm,
  useDeleteCredential,
  useReplaceCredential,
  useTestRegistry,
} from '@/lib/queries/registries';
import {
  CredentialInput,
  type CredentialPurpose,
} from '@/lib/registry/credential';
import type { CredentialPlace } from '@/lib/registry/forms';
import type { CredentialCheckView, RegistryView } from '@/lib/registry/views';

type CardProps = {
  registry: RegistryView;
  purpose: CredentialPurpose;
  isOwner: boolean;
  testsAtOnce: boolean;
};

/** The credential of a registry: who it is, what a test found, and the ways to replace or delete it. */
export function CredentialCard({
  registry,
  purpose,
  isOwner,
  testsAtOnce,
}: CardProps) {
  const credential = registry.credentials.find(
    (each) => each.purpose === purpose,
  );
  const place = { registryId: registry.id, purpose };
  const test = useTestRegistry();
  const run = test.mutate;
  const hasRun = useRef(false);
  useEffect(() => {
    if (!testsAtOnce || hasRun.current) return;
    hasRun.current = true;
    run({ registryId: registry.id, purpose });
  }, [testsAtOnce, run, registry.id, purpose]);
  const realmOrigin = unboundRealm(test.error);
  const remove = useDeleteCredential();
  return (
    <Card
      title="Credential"
      icon={<KeyRound />}
      actions={
        <Button size="sm" isPending={test.isPending} onClick={() => run(place)}>
          Test
        </Button>
      }
    >
      <div className="grid gap-3">
        {credential ? (
          <KeyValues>
            <KeyValue label="User name">
              <span className="font-mono text-xs">{credential.username}</span>
            </KeyValue>
            <KeyValue label="Password or token">
              <span className="text-ink-3">
                sealed; it cannot be read again
              </span>
            </KeyValue>
            <KeyValue label="Stored">
              <Time at={credential.createdAt} />
            </KeyValue>
            <KeyValue label="Last used">
              {credential.lastUsedAt ? (
                <Time at={credential.lastUsedAt} />
              ) : (
                <span className="text-ink-3">never</span>
              )}
            </KeyValue>
            {credential.realmOrigins.length > 0 && (
              <KeyValue label="Token services">
                <span className="font-mono text-xs">
                  {credential.realmOrigins.join(', ')}
                </span>
              </KeyValue>
            )}
          </KeyValues>
        ) : (
          <p className="text-ink-2">
            None stored: pushes and pulls go there without a login.
          </p>
        )}
        {credential?.lastCheck && !test.isPending && !test.error && (
          <CheckResult check={credential.lastCheck} />
        )}
        {test.isPending && (
          <p className="text-ink-2">
            Asking {registry.host} for a pull and for a push …
          </p>
        )}
        {test.data?.isAnonymous && !test.isPending && (
          <p className="text-ink-2">
            {registry.host} answers as a registry. There is no credential to
            test.
          </p>
        )}
        {test.error && realmOrigin === null && !test.isPending && (
          <ErrorNotice error={errorView(test.error)} />
        )}
        {realmOrigin !== null && !test.isPending && (
          <RealmQuestion
            registry={registry}
            realmOrigin={realmOrigin}
            purpose={purpose}
            isOwner={isOwner}
            onAllowed={() => run(place)}
          />
        )}
        <div className="flex flex-wrap gap-2">
          <ReplaceDialog
            registry={registry}
            purpose={purpose}
            isStored={credential !== undefined}
            onReplaced={() => run(place)}
          />
          {credential && (
            <ConfirmDialog
              title="Delete this credential?"
              confirmLabel="Delete it"
              onConfirm={() => remove.mutateAsync(place)}
              trigger={<Button variant="danger">Delete</Button>}
            >
              The sealed password is erased. Builds that push to{' '}
              {registry.prefix} will be refused until you store another.
            </ConfirmDialog>
          )}
        </div>
      </div>
    </Card>
  );
}

function CheckResult({ check }: { check: CredentialCheckView }) {
  return (
    <div className="grid gap-1.5 border-t pt-3">
      <div className="flex flex-wrap items-center gap-2">
        <CheckChip purpose="Push" result={check.push} />
        <span className="text-ink-2">{check.push.explanation}</span>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <CheckChip purpose="Pull" result={check.pull} />
        <span className="text-ink-2">{check.pull.explanation}</span>
      </div>
      <p className="text-xs text-ink-3">
        Tested <Time at={check.at} />
      </p>
    </div>
  );
}

type RealmProps = {
  registry: RegistryView;
  purpose: CredentialPurpose;
  realmOrigin: string;
  isOwner: boolean;
  onAllowed: () => void;
};

function RealmQuestion({
  registry,
  purpose,
  realmOrigin,
  isOwner,
  onAllowed,
}: RealmProps) {
  const allow = useAllowRealm();
  return (
    <Notice
      tone="warn"
      role="alert"
      title={`${registry.host} wants the password sent to ${realmOrigin}`}
      actions={
        <Button
          isPending={allow.isPending}
          disabledReason={!isOwner && 'Ask an owner of the team.'}
          onClick={() =>
            allow.mutate(
              { registryId: registry.id, purpose, realmOrigin },
              { onSuccess: onAllowed },
            )
          }
        >
          Allow this token service
        </Button>
      }
    >
      A registry may name any token service, so nothing was sent. Allow it only
      when you know that it belongs to this registry.
      {allow.error && (
        <ErrorNotice error={errorView(allow.error)} className="mt-2" />
      )}
    </Notice>
  );
}

function ReplaceDialog({
  registry,
  purpose,
  isStored,
  onReplaced,
}: {
  registry: RegistryView;
  purpose: CredentialPurpose;
  isStored: boolean;
  onReplaced: () => void;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog
      title={isStored ? 'Replace the credential' : 'Store a credential'}
      description={`For ${registry.host}. It is tested right after it is stored.`}
      trigger={<Button>{isStored ? 'Replace' : 'Store a credential'}</Button>}
      isOpen={isOpen}
      onOpenChange={setOpen}
    >
      <ReplaceForm
        place={{ registryId: registry.id, purpose }}
        onDone={() => {
          setOpen(false);
          onReplaced();
        }}
      />
    </Dialog>
  );
}

type CredentialValues = z.input<typeof CredentialInput>;

function ReplaceForm({
  place,
  onDone,
}: {
  place: CredentialPlace;
  onDone: () => void;
}) {
  const form: UseFormReturn<CredentialValues, unknown, CredentialInput> =
    useZodForm(CredentialInput, {
      defaultValues: { method: 'password', username: '', password: '' },
    });
  const replace = useReplaceCredential();
  const submit = async (credential: CredentialInput) => {
    await replace.mutateAsync({ ...place, credential });
    onDone();
  };
  return (
    <Form form={form} onSubmit={submit} label="Credential">
      <CredentialFields register={form.register} prefix="" />
      <FormFailure />
      <div>
        <SubmitButton>Store and test</SubmitButton>
      </div>
    </Form>
  );
}
