import type { Metadata } from 'next';
import { LogRetentionCard } from '@/components/builds/log-retention-form';
import { Hydrate } from '@/components/hydrate';
import { DefaultsCard } from '@/components/specs/defaults-form';
import { HelperImagesCard } from '@/components/specs/helper-images-form';
import { TeamLimitsCard } from '@/components/specs/team-limits-form';
import { PageHeader } from '@/components/ui/page-header';
import { pageActor } from '@/lib/auth';
import { logKeys } from '@/lib/queries/logs';
import { specKeys } from '@/lib/queries/specs';
import { getLogUsage } from '@/lib/services/log-keeping';
import {
  getDefaults,
  getHelperImages,
  getTeamLimits,
} from '@/lib/services/settings';

export const metadata: Metadata = { title: 'Defaults' };

export default async function DefaultsPage() {
  const actor = await pageActor();
  const isOwner = actor.role === 'owner';
  return (
    <>
      <PageHeader
        crumbs={[{ label: 'Specs', href: '/specs' }]}
        title="Defaults of the team"
      />
      <Hydrate
        seeds={[
          [specKeys.helperImages, await getHelperImages(actor)],
          [specKeys.defaults, await getDefaults(actor)],
          [specKeys.limits, await getTeamLimits(actor)],
          [logKeys.usage, await getLogUsage(actor)],
        ]}
      >
        <div className="grid max-w-2xl gap-4">
          <DefaultsCard isOwner={isOwner} />
          <HelperImagesCard isOwner={isOwner} />
          <TeamLimitsCard isOwner={isOwner} />
          <LogRetentionCard isOwner={isOwner} />
        </div>
      </Hydrate>
    </>
  );
}
