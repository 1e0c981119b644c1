'use client';
import { CheckChip } from '@/components/registries/check-chip';
import { Button } from '@/components/ui/button';
import { ErrorNotice } from '@/components/ui/error-notice';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import { errorView } from '@/lib/queries/fetch-json';
import {
  unboundRealm,
  useAllowRealm,
  type useTestRegistry,
} from '@/lib/queries/registries';
import type { CredentialPurpose } from '@/lib/registry/credential';
import type { CredentialCheckView, RegistryView } from '@/lib/registry/views';

/** What the test that runs, or the last one, has to say. */
export function TestState({
  registry,
  purpose,
  test,
  check,
  isOwner,
  onAgain,
}: {
  registry: RegistryView;
  purpose: CredentialPurpose;
  test: ReturnType<typeof useTestRegistry>;
  check: CredentialCheckView | null;
  isOwner: boolean;
  onAgain: () => void;
}) {
  const realmOrigin = unboundRealm(test.error);
  if (test.isPending)
    return (
      <p className="text-ink-2">
        Asking {registry.host} for a pull and for a push …
      </p>
    );
  if (realmOrigin !== null)
    return (
      <RealmQuestion
        registry={registry}
        purpose={purpose}
        realmOrigin={realmOrigin}
        isOwner={isOwner}
        onAllowed={onAgain}
      />
    );
  if (test.error) return <ErrorNotice error={errorView(test.error)} />;
  if (test.data?.isAnonymous)
    return (
      <p className="text-ink-2">
        {registry.host} answers as a registry. There is no credential to test.
      </p>
    );
  return check && <CheckResult check={check} purpose={purpose} />;
}

function CheckResult({
  check,
  purpose,
}: {
  check: CredentialCheckView;
  purpose: CredentialPurpose;
}) {
  // A first test that could not be made knows no more than why.
  const isKnown =
    check.fault === null || check.pull.explanation !== check.fault.message;
  return (
    <div className="grid gap-1.5 border-t pt-3">
      {check.fault && (
        <Notice tone="warn" title="The last test could not be made">
          {check.fault.message} {isKnown && 'What is below is older.'}
        </Notice>
      )}
      {isKnown && purpose === 'push' && (
        <Finding purpose="Push" result={check.push} />
      )}
      {isKnown && <Finding purpose="Pull" result={check.pull} />}
      {purpose !== 'push' && check.push.outcome === 'accepted' && (
        <p className="text-xs text-warn">
          It may push as well. One that can only pull is safer here.
        </p>
      )}
      <p className="text-xs text-ink-3">
        Tested <Time at={check.at} />, and again every few hours
      </p>
    </div>
  );
}

function Finding({
  purpose,
  result,
}: {
  purpose: 'Push' | 'Pull';
  result: CredentialCheckView['pull'];
}) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <CheckChip purpose={purpose} result={result} />
      <span className="min-w-0 text-ink-2">{result.explanation}</span>
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
