'use client';
import { useQuery } from '@tanstack/react-query';
import { Gauge } from 'lucide-react';
import { IDENTITY_LABELS } from '@/components/images/access-words';
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
          at one of its images; looking costs none.
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

/** Said where a build or a check would spend a counted pull. */
export function LimitNote({ host }: { host: string }) {
  const { data } = useQuery({
    ...limitsOf(host),
    enabled: kindOf(host) === 'docker_hub',
  });
  const counted = data?.find(({ limit }) => limit !== null);
  const paused = data?.find(({ pausedUntil }) => pausedUntil !== null);
  if (!counted && !paused) return null;
  return (
    <p className="text-xs text-ink-3" role="note">
      {counted && (
        <>
          The base comes from {host}: {leftOf(counted)} for this server
          {counted.source !== null && ` (${counted.source})`}. A worker behind
          another address has a count of its own.
        </>
      )}
      {paused?.pausedUntil && (
        <>
          {' '}
          It refuses pulls until <Time at={paused.pausedUntil} />.
        </>
      )}
    </p>
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
        <span className="text-ink-2 tabular-nums">
          {isCounted ? leftOf(view) : 'no limit'}
        </span>
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

function leftOf({ limit, remaining, windowSeconds }: LimitView): string {
  const window =
    windowSeconds === null ? '' : ` in ${String(windowSeconds / 3600)} h`;
  return `${String(remaining ?? 0)} of ${String(limit ?? 0)} pulls left${window}`;
}
