import { SearchX } from 'lucide-react';
import type { Metadata } from 'next';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <>
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        icon={<SearchX />}
        title="There is nothing here"
        action={<ButtonLink href="/">Go to the overview</ButtonLink>}
      >
        It may have been archived, it may belong to another team, or the link is
        incomplete.
      </EmptyState>
    </>
  );
}
