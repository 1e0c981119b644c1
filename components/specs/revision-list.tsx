'use client';
import { useQuery } from '@tanstack/react-query';
import { ChangeList } from '@/components/specs/change-list';
import { Card } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { CopyButton } from '@/components/ui/copy-button';
import { ErrorNotice } from '@/components/ui/error-notice';
import { TextLink } from '@/components/ui/link';
import { Pager } from '@/components/ui/pager';
import { TableSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import type { RevisionItemView } from '@/lib/imagespec/views';
import { errorView } from '@/lib/queries/fetch-json';
import { specQueries } from '@/lib/queries/specs';

/** Every revision with what it changed against the one before it. */
export function RevisionList({
  specId,
  before,
}: {
  specId: string;
  before: number | undefined;
}) {
  const { data, error, refetch } = useQuery(
    specQueries.revisions(specId, before),
  );
  const { data: spec } = useQuery(specQueries.detail(specId));
  if (error && !data)
    return (
      <ErrorNotice error={errorView(error)} onRetry={() => void refetch()} />
    );
  if (!data) return <TableSkeleton columns={3} />;
  const href = `/specs/${specId}/revisions`;
  return (
    <>
      <Card isFlush>
        <ol>
          {data.items.map((revision) => (
            <Revision
              key={revision.id}
              revision={revision}
              href={href}
              isCurrent={revision.number === spec?.revision.number}
            />
          ))}
        </ol>
      </Card>
      <Pager
        order="time"
        firstHref={before === undefined ? null : href}
        nextHref={data.next === null ? null : `${href}?before=${data.next}`}
      />
    </>
  );
}

function Revision({
  revision,
  href,
  isCurrent,
}: {
  revision: RevisionItemView;
  href: string;
  isCurrent: boolean;
}) {
  const { number, tag, author, createdAt, message, changes, origin } = revision;
  return (
    <li className="grid gap-x-6 gap-y-1.5 border-b px-3 py-2.5 last:border-b-0 sm:grid-cols-[13rem_minmax(0,1fr)]">
      <div>
        <div className="flex flex-wrap items-center gap-2">
          <TextLink href={`${href}/${number}`} className="font-semibold">
            Revision {number}
          </TextLink>
          {isCurrent && <Chip tone="accent">current</Chip>}
        </div>
        <div className="text-ink-2">
          <Time at={createdAt} />
          {author && ` by ${author}`}
        </div>
        {origin === 'python' && (
          <div className="text-xs text-ink-3">from a Python file</div>
        )}
      </div>
      <div className="grid min-w-0 content-start gap-1.5">
        {message !== '' && <p className="break-words">{message}</p>}
        {changes === null ? (
          <p className="text-ink-2">The first revision.</p>
        ) : (
          <ChangeList changes={changes} />
        )}
        <div className="flex items-center gap-1 text-xs text-ink-3">
          tag <span className="font-mono break-all">{tag}</span>
          <CopyButton
            text={`${revision.imageName}:${tag}`}
            label="image reference"
          />
        </div>
      </div>
    </li>
  );
}
