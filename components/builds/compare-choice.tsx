import { Notice } from '@/components/ui/notice';
import { LinkTabs } from '@/components/ui/tabs';
import { isOneEach } from '@/lib/build/compare-platforms';
import type { BuildComparisonView } from '@/lib/build/history-views';
import { compareHref } from '@/lib/build/list-filter';

/** Which platform is compared, and which cannot be; nothing for two builds for one and the same platform. */
export function PlatformChoice({
  comparison: { before, after, platforms, runs },
}: {
  comparison: BuildComparisonView;
}) {
  const { both, onlyBefore, onlyAfter } = platforms;
  if (both.length === 0)
    return (
      <Notice
        title={
          runs ? 'They are for different platforms' : 'They share no platform'
        }
      >
        Before: {onlyBefore.join(', ')}. After: {onlyAfter.join(', ')}.{' '}
        {runs
          ? 'Much differs for that reason alone.'
          : 'Only the definition is compared.'}
      </Notice>
    );
  if (isOneEach(platforms)) return null;
  const hrefOf = (platform: string) =>
    compareHref(before.build.id, after.build.id, platform);
  return (
    <div className="grid grid-cols-1 gap-2">
      {both.length > 1 && (
        <LinkTabs
          label="Platform"
          keepsPlace
          tabs={both.map((platform) => ({
            href: hrefOf(platform),
            label: platform,
          }))}
          current={hrefOf(runs?.before.platform ?? '')}
        />
      )}
      <p className="text-ink-2 empty:hidden">
        {both.length === 1 && `Compared on ${both.join()}, which both have. `}
        {onlyBefore.length > 0 && `Only before: ${onlyBefore.join(', ')}. `}
        {onlyAfter.length > 0 && `Only after: ${onlyAfter.join(', ')}.`}
      </p>
    </div>
  );
}
