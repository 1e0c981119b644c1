import { LinkTabs } from '@/components/ui/tabs';

/** Images one by one, or by repository. */
export function ImageTabs() {
  return (
    <div className="mb-3">
      <LinkTabs
        label="Images"
        tabs={[
          { href: '/images', label: 'Digests' },
          { href: '/images/repositories', label: 'Repositories' },
        ]}
      />
    </div>
  );
}
