import type { Metadata } from 'next';
import { cache } from 'react';
import { buildTitle } from '@/components/builds/labels';
import { RecordPanel } from '@/components/records/record-panel';
import { readById } from '@/lib/page';
import { getRecord } from '@/lib/services/record-views';

const readRecord = cache((id: string) => readById(getRecord, id));

export async function generateMetadata({
  params,
}: PageProps<'/builds/records/[recordId]'>): Promise<Metadata> {
  const { recordId } = await params;
  const { run } = await readRecord(recordId);
  return { title: `${buildTitle(run)}, imported` };
}

export default async function RecordPage({
  params,
}: PageProps<'/builds/records/[recordId]'>) {
  const { recordId } = await params;
  return <RecordPanel key={recordId} view={await readRecord(recordId)} />;
}
