'use client';
import { useQuery } from '@tanstack/react-query';
import { Gauge } from 'lucide-react';
import { IDENTITY_LABELS } from '@/components/images/access-words';
import { leftOf } from '@/components/registries/limit-words';
import { Card } from '@/components/ui/card';
import { ProgressBar } from '@/components/ui/progress-bar';
import { Time } from '@/components/ui/time';
import { limitsOf } from '@/lib/queries/limits';
import { kindOf } from '@/lib/registry/kinds';
import { isQuotaLow } from '@/lib/registry/quota';
import type { LimitView } from '@/lib/registry/views';

/** What is left of a host's pull limit, for each identity that was told. Nothing for hosts that count nothing. */
export function LimitCard({ host }: { host: string }) {
  const { data } = useQuery(limitsOf(host));
  const isHub = kindOf(host) === 'docker_hub';
  if (!data || (data.length === 0 && !isHub)) return null;
  return (
    <Card icon={<Gauge />} title="Pull limit">
      {data.length === 0 ? (
        <p className="text-ink-2">
          Docker Hub counts pulls. What is left shows here after the first look
          at one of its images.
        </p>
      ) : (
        <ul className="grid gap-3">
          {data.map((limit) => (
            <li key={limit.identity}>
              <Meter limit={limit} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Meter({ limit: view }: { limit: LimitView }) {
  const { identity, limit, remaining, source, pausedUntil, seenAt } = view;
  const isCounted = limit !== null && remaining !== null;
  const isLow =
    isCounted && isQuotaLow({ limit, remaining, windowSeconds: null, source });
  return (
    <div className="grid gap-1">
      <div className="flex flex-wrap justify-between gap-x-3">
        <span>{IDENTITY_LABELS[identity]}</span>
        <span className="text-ink-2 tabular-nums">{leftOf(view)}</span>
      </div>
      {isCounted && (
        <ProgressBar
          value={limit === 0 ? 0 : remaining / limit}
          label={`Pulls left, ${IDENTITY_LABELS[identity]}`}
          tone={isLow ? 'bad' : 'good'}
        />
      )}
      <p className="text-xs text-ink-3">
        {source !== null && `Counted for ${source}. `}
        {!isCounted && 'It names none, so nothing is counted. '}
        {isLow &&
          'Little is left: it is kept for what people start, and checks wait. '}
        {pausedUntil !== null && (
          <>
            It refused, and is left alone until <Time at={pausedUntil} />.{' '}
          </>
        )}
        As of <Time at={seenAt} />.
      </p>
    </div>
  );
}
