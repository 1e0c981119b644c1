import { PackageOpen } from 'lucide-react';
import { PackageList } from '@/components/packages/package-list';
import { EmptyState } from '@/components/ui/empty-state';
import type { RecordView } from '@/lib/build/record-views';

/** What was inside the image of an imported build. */
export function RecordPackages({
  packages,
}: Pick<RecordView['outputs'], 'packages'>) {
  if (packages === null)
    return (
      <EmptyState
        icon={<PackageOpen />}
        title="The record says nothing of packages"
      />
    );
  return <PackageList view={packages} isFolded={false} />;
}
