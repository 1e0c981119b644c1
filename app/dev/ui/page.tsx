import { Server } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Checks } from '@/app/dev/ui/checks';
import { Code } from '@/app/dev/ui/code';
import { Controls } from '@/app/dev/ui/controls';
import { Data } from '@/app/dev/ui/data';
import { Forms } from '@/app/dev/ui/forms';
import { Overlays } from '@/app/dev/ui/overlays';
import { States } from '@/app/dev/ui/states';
import { Shell } from '@/components/shell/shell';
import { Chip } from '@/components/ui/chip';
import { PageHeader } from '@/components/ui/page-header';

export const metadata: Metadata = { title: 'Pieces' };

/** Every piece of `components/ui` in every state. Development only. */
export default function PiecesPage() {
  // eslint-disable-next-line no-restricted-properties -- The bundler replaces it; it is no setting of the server.
  if (process.env.NODE_ENV === 'production') notFound();
  return (
    <Shell
      actor={{
        name: 'Ada Lovelace',
        email: 'ada@example.com',
        teamName: 'Research',
      }}
      status={
        <Chip tone="good" icon={<Server aria-hidden />}>
          2 workers
        </Chip>
      }
    >
      <PageHeader
        crumbs={[
          { label: 'Overview', href: '/' },
          { label: 'Development', href: '/dev/ui' },
        ]}
        title="Pieces"
        status={<Chip>development only</Chip>}
      >
        Everything the pages are made of, in every state it can have.
      </PageHeader>
      <Controls />
      <States />
      <Data />
      <Forms />
      <Code />
      <Checks />
      <Overlays />
    </Shell>
  );
}
