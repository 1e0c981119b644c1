'use client';
import { KeyRound } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { ExpiryChip } from '@/components/registries/expiry-chip';
import { ExportDialog } from '@/components/registries/export-dialog';
import { PURPOSES } from '@/components/registries/purposes';
import { ReplaceDialog } from '@/components/registries/replace-dialog';
import { TestState } from '@/components/registries/credential-test';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { KeyValue, KeyValues } from '@/components/ui/facts';
import { TextLink } from '@/components/ui/link';
import { Time } from '@/components/ui/time';
import { useDeleteCredential, useTestRegistry } from '@/lib/queries/registries';
import {
  type CredentialMethod,
  type CredentialPurpose,
} from '@/lib/registry/credential';
import { isAmbient } from '@/lib/registry/kinds';
import type {
  CredentialUseView,
  CredentialView,
  RegistryView,
} from '@/lib/registry/views';

type CardProps = {
  registry: RegistryView;
  purpose: CredentialPurpose;
  isOwner: boolean;
  testsAtOnce?: boolean;
};

/** One credential of a registry: who it is, what a test found, and the ways to replace or delete it. */
export function CredentialCard({
  registry,
  purpose,
  isOwner,
  testsAtOnce = false,
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
  const remove = useDeleteCredential();
  const words = PURPOSES[purpose];
  // Without a credential the registry itself is asked, which one card does for all.
  const canTest = credential !== undefined || purpose === 'push';
  return (
    <Card
      title={words.title}
      icon={<KeyRound />}
      actions={
        <>
          {credential && <ExpiryChip expiresAt={credential.expiresAt} />}
          {canTest && (
            <Button
              size="sm"
              isPending={test.isPending}
              onClick={() => run(place)}
              aria-label={`Test ${words.word}`}
            >
              Test
            </Button>
          )}
        </>
      }
    >
      <div className="grid gap-3">
        {credential ? (
          <CredentialFacts credential={credential} />
        ) : (
          <p className="text-ink-2">{words.without}</p>
        )}
        <TestState
          registry={registry}
          purpose={purpose}
          test={test}
          check={credential?.lastCheck ?? null}
          isOwner={isOwner}
          onAgain={() => run(place)}
        />
        <div className="flex flex-wrap gap-2">
          <ReplaceDialog
            registry={registry}
            purpose={purpose}
            isStored={credential !== undefined}
            isOwner={isOwner}
            onReplaced={() => run(place)}
          />
          {purpose === 'cluster' && (
            <ExportDialog
              registry={registry}
              disabledReason={whyNoExport(registry, isOwner)}
            />
          )}
          {credential && (
            <ConfirmDialog
              title={`Delete the ${words.word} credential?`}
              confirmLabel="Delete it"
              onConfirm={() => remove.mutateAsync(place)}
              trigger={<Button variant="danger">Delete</Button>}
            >
              The sealed secret is erased.{' '}
              {purpose === 'push' &&
                `Builds that push to ${registry.prefix} will be refused until you store another.`}
              {purpose === 'pull' &&
                'From then on the push credential is used in its place, where there is one.'}
              {purpose === 'cluster' &&
                'Secrets that were exported from it stay in your cluster.'}
            </ConfirmDialog>
          )}
        </div>
      </div>
    </Card>
  );
}

function whyNoExport(registry: RegistryView, isOwner: boolean): string | false {
  if (!isOwner) return 'Only an owner of the team hands a password out.';
  const has = registry.credentials.some(({ purpose }) => purpose !== 'push');
  return (
    !has &&
    'A push credential is never handed out. Store one for the cluster first.'
  );
}

const METHOD_WORDS: Record<CredentialMethod, string> = {
  password: 'password or token',
  identity_token: 'identity token',
  registry_token: 'registry token',
  aws_keys: 'access key',
  aws_role: 'role, assumed with an access key',
  aws_ambient: 'this server’s AWS identity',
  gcp_key: 'service account key',
  gcp_token: 'access token',
  gcp_ambient: 'this server’s Google identity',
};

function CredentialFacts({ credential }: { credential: CredentialView }) {
  const { username, method, roleArn, expiresAt, lastUsedAt, lastUse } =
    credential;
  return (
    <KeyValues>
      {username !== '' && (
        <KeyValue
          label={method.startsWith('aws_') ? 'Access key ID' : 'User name'}
        >
          <span className="font-mono text-xs">{username}</span>
        </KeyValue>
      )}
      {roleArn !== null && (
        <KeyValue label="Role">
          <span className="font-mono text-xs break-all">{roleArn}</span>
        </KeyValue>
      )}
      <KeyValue label="Secret">
        {METHOD_WORDS[method]}
        <span className="text-ink-3">
          {isAmbient(method)
            ? '; nothing is stored'
            : ', sealed; it cannot be read again'}
        </span>
      </KeyValue>
      <KeyValue label="Stored">
        <Time at={credential.createdAt} />
      </KeyValue>
      {expiresAt !== null && (
        <KeyValue label="Ends">
          <Time at={expiresAt} />
        </KeyValue>
      )}
      <KeyValue label="Last used">
        {lastUsedAt ? (
          <>
            <Time at={lastUsedAt} />
            {lastUse && <LastUse use={lastUse} />}
          </>
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
  );
}

function LastUse({ use: { kind, build } }: { use: CredentialUseView }) {
  if (build)
    return (
      <>
        {' by '}
        <TextLink href={`/builds/${build.id}`} className="font-semibold">
          {build.specName} #{build.number}
        </TextLink>
      </>
    );
  const words = {
    build: 'a build',
    look: 'a look at an image',
    export: 'an export',
  };
  return <> by {words[kind]}</>;
}
