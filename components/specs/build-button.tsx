'use client';
import { ChevronDown, Hammer } from 'lucide-react';
import { useAskBuilds } from '@/components/builds/use-ask-builds';
import { Button } from '@/components/ui/button';
import { Menu, MenuItem } from '@/components/ui/menu';
import type { SpecView } from '@/lib/build/spec-views';
import { askFor } from '@/lib/build/schema';

/** Builds the current revision of a spec; the menu beside it forces that, or takes along what stands on the spec. */
export function BuildButton({ spec }: { spec: SpecView }) {
  const { ask, isPending, dialog } = useAskBuilds();
  const hasTarget = spec.registry !== null && !spec.registry.isArchived;
  const refusal =
    !hasTarget && 'Choose a registry first: the image has nowhere to go.';
  const specs = [{ specId: spec.id }];
  return (
    <span className="inline-flex gap-px">
      <Button
        variant="primary"
        icon={<Hammer aria-hidden />}
        isPending={isPending}
        disabledReason={refusal}
        onClick={() => ask(askFor(specs))}
      >
        Build
      </Button>
      {hasTarget && (
        <Menu
          trigger={
            <Button
              variant="primary"
              icon={<ChevronDown aria-hidden />}
              aria-label="More ways to build"
            />
          }
        >
          <MenuItem onSelect={() => ask(askFor(specs, { noCache: true }))}>
            Build without cache
          </MenuItem>
          <MenuItem
            onSelect={() => ask(askFor(specs, { withDependents: true }))}
          >
            Build this and what stands on it
          </MenuItem>
        </Menu>
      )}
      {dialog}
    </span>
  );
}
