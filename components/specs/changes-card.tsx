import type { ReactNode } from 'react';
import { ChangeList } from '@/components/specs/change-list';
import { Card } from '@/components/ui/card';
import { TextLink } from '@/components/ui/link';
import { changedFields } from '@/lib/imagespec/changes';
import type { RevisionView } from '@/lib/imagespec/views';

/** What one revision asks for that another did not. `children` say in words which two they are. */
export function ChangesCard({
  title,
  before,
  after,
  children,
}: {
  title: string;
  before: RevisionView;
  after: RevisionView;
  children: ReactNode;
}) {
  const changes = changedFields(before, after);
  return (
    <Card
      title={title}
      actions={
        before.specId === after.specId && (
          <TextLink
            href={`/specs/${after.specId}/revisions/${after.number}?with=${before.number}`}
          >
            Compare line by line
          </TextLink>
        )
      }
    >
      <p className="mb-2 text-ink-2">{children}</p>
      {changes.length === 0 ? (
        <p>Both ask for the same.</p>
      ) : (
        <ChangeList changes={changes} />
      )}
    </Card>
  );
}
