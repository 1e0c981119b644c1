'use client';
import { Hammer } from 'lucide-react';
import { useAskBuilds } from '@/components/builds/use-ask-builds';
import { Button } from '@/components/ui/button';
import { askFor } from '@/lib/build/schema';

/** Builds all of these specs, a base before what stands on it. */
export function BuildAllButton({
  specs,
}: {
  specs: readonly { id: string; revision: number }[];
}) {
  const { ask, isPending, dialog } = useAskBuilds();
  return (
    <>
      <Button
        icon={<Hammer aria-hidden />}
        isPending={isPending}
        onClick={() =>
          ask(
            askFor(specs.map(({ id, revision }) => ({ specId: id, revision }))),
          )
        }
      >
        {specs.length === 1
          ? 'Build the spec'
          : `Build all ${specs.length} specs`}
      </Button>
      {dialog}
    </>
  );
}
