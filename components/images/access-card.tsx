'use client';
import { useQuery } from '@tanstack/react-query';
import { Globe } from 'lucide-react';
import { useState } from 'react';
import { AccessMatrix } from '@/components/images/access-matrix';
import { IDENTITY_LABELS } from '@/components/images/access-words';
import {
  AccessVerdict,
  toVerdictView,
} from '@/components/images/access-verdict';
import { LimitNote } from '@/components/registries/limit-note';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { ErrorNotice } from '@/components/ui/error-notice';
import { Notice } from '@/components/ui/notice';
import { Spinner } from '@/components/ui/spinner';
import { errorView } from '@/lib/queries/fetch-json';
import { accessQueries, useCheckAccess } from '@/lib/queries/images';
import { parseReference } from '@/lib/registry/reference';
import type { AccessCell } from '@/lib/registry/forms';
import type { ImageView } from '@/lib/registry/views';

const TONES = {
  good: 'good',
  warning: 'warn',
  bad: 'bad',
  neutral: 'plain',
} as const;

/** Who can pull this image, on which platform: the matrix, the chosen answer with why and what to do, and "check again". */
export function AccessCard({ image }: { image: ImageView }) {
  const { matrix, access } = image;
  const own = image.platform ?? matrix.platforms[0] ?? 'linux/amd64';
  const [chosen, choose] = useState<AccessCell>({
    identity: 'anonymous',
    platform: own,
  });
  const isOwn = chosen.identity === 'anonymous' && chosen.platform === own;
  const cell = useQuery({
    ...accessQueries.cell(image.repositoryId, image.digest, chosen),
    enabled: !isOwn,
  });
  const { check, checking, error } = useCheckAll(image);
  const verb = access ? 'Check again' : 'Check now';
  // What was built here is looked at after its push; nobody looks at what was only found.
  const isExpected = isOwn && access === null && image.build !== null;
  const shown = isOwn ? access : (cell.data ?? null);
  const anonymous = access ? toVerdictView(access) : null;
  const isMatrix = matrix.identities.length * matrix.platforms.length > 1;
  return (
    <Card
      tone={anonymous ? TONES[anonymous.tone] : 'plain'}
      icon={<Globe />}
      title={
        matrix.identities.length > 1
          ? 'Who can pull it?'
          : 'Can anyone pull it?'
      }
      actions={
        <Button
          size="sm"
          isPending={checking !== null}
          onClick={() => void check()}
        >
          {verb}
        </Button>
      }
    >
      <div className="grid gap-2" aria-live="polite">
        {matrix.isBrokenBySecret && (
          <Notice
            tone="bad"
            title="The cluster’s pull secret breaks this image."
          >
            Anyone can pull it, and the registry refuses whoever shows this
            secret. Renew the secret, or take it from the pods that need this
            image.
          </Notice>
        )}
        {isMatrix && (
          <AccessMatrix matrix={matrix} chosen={chosen} onChoose={choose} />
        )}
        {checking !== null && (
          <p className="flex items-center gap-2 text-ink-2">
            <Spinner /> Looking for {checking.platform}
            {matrix.platforms.length > 1 &&
              ` (${checking.position} of ${matrix.platforms.length})`}
            …
          </p>
        )}
        {shown ? (
          <AccessVerdict
            access={shown}
            registry={image.registry}
            {...(isMatrix
              ? {
                  subject: `${IDENTITY_LABELS[chosen.identity]}, ${chosen.platform}`,
                }
              : {})}
          />
        ) : (
          checking === null && (
            <p className="text-ink-2">
              {cell.isFetching || isExpected ? (
                <span className="flex items-center gap-2">
                  <Spinner />
                  {isOwn
                    ? 'Nobody has looked yet. A check runs by itself after each push.'
                    : 'Reading the answer…'}
                </span>
              ) : (
                `Nobody has looked yet. What is in use is checked by itself; press ${verb} to look.`
              )}
            </p>
          )
        )}
        {error !== null && <ErrorNotice error={errorView(error)} />}
        <LimitNote
          hosts={[parseReference(image.repository).registry]}
          spending="check"
        />
      </div>
    </Card>
  );
}

/** One look for each platform, one after the other, so that a person sees how far it is. */
function useCheckAll({ repositoryId, digest, matrix }: ImageView) {
  const { mutateAsync } = useCheckAccess();
  const [checking, setChecking] = useState<{
    platform: string;
    position: number;
  } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const check = async () => {
    setError(null);
    try {
      for (const [index, platform] of matrix.platforms.entries()) {
        setChecking({ platform, position: index + 1 });
        await mutateAsync({ repositoryId, reference: `@${digest}`, platform });
      }
    } catch (failure) {
      setError(failure);
    } finally {
      setChecking(null);
    }
  };
  return { check, checking, error };
}
