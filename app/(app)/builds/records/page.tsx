import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { ImportRecord } from '@/components/records/import-record';
import { RecordList } from '@/components/records/record-list';
import { PageHeader } from '@/components/ui/page-header';
import { pageActor } from '@/lib/auth';
import { RecordPage } from '@/lib/build/record-views';
import { recordKeys } from '@/lib/queries/records';
import { listRecords } from '@/lib/services/record-views';

export const metadata: Metadata = { title: 'Imported builds' };

export default async function RecordsPage({
  searchParams,
}: PageProps<'/builds/records'>) {
  // What cannot be read in an address is left out.
  const page = RecordPage.safeParse(await searchParams).data ?? {};
  const records = await listRecords(await pageActor(), page);
  return (
    <>
      <PageHeader
        crumbs={[{ label: 'Builds', href: '/builds' }]}
        title="Imported builds"
      />
      <ImportRecord />
      <Hydrate seeds={[[recordKeys.list(page), records]]}>
        <RecordList page={page} />
      </Hydrate>
    </>
  );
}
