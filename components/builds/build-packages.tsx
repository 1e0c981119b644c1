'use client';
import { useQuery } from '@tanstack/react-query';
import { PackagesAnswer } from '@/components/packages/packages-answer';
import { isMoving } from '@/lib/build/state';
import type { BuildView } from '@/lib/build/views';
import { buildQueries } from '@/lib/queries/builds';

/** The packages that ended up inside what a build published. */
export function BuildPackages({
  build: { id, state, partOf },
}: {
  build: Pick<BuildView, 'id' | 'state' | 'partOf'>;
}) {
  if (state !== 'published')
    return (
      <p className="text-ink-2">
        {isMoving(state)
          ? 'The packages are read while the image is pushed, and shown once it is published.'
          : 'This build published nothing, so there is nothing to look into.'}
      </p>
    );
  return <Published id={id} own={partOf?.id ?? id} />;
}

function Published({ id, own }: { id: string; own: string }) {
  const query = useQuery(buildQueries.packages(id));
  return <PackagesAnswer query={query} own={own} />;
}
