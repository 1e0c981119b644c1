'use client';
import { Ellipsis, Pin, PinOff } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Menu, MenuItem } from '@/components/ui/menu';
import { showFailure } from '@/components/ui/toast';
import type { BuildView } from '@/lib/build/views';
import { useKeepLogs } from '@/lib/queries/logs';

/** What is seldom done to a build: keeping its logs. */
export function MoreMenu({
  build: { id, kept },
}: {
  build: Pick<BuildView, 'id' | 'kept'>;
}) {
  const keep = useKeepLogs();
  const isKept = kept !== null;
  return (
    <Menu
      trigger={
        <Button icon={<Ellipsis aria-hidden />} aria-label="More actions" />
      }
    >
      <MenuItem
        icon={isKept ? <PinOff aria-hidden /> : <Pin aria-hidden />}
        onSelect={() =>
          keep.mutate(
            { buildId: id, isKept: !isKept },
            { onError: showFailure },
          )
        }
      >
        {isKept ? 'Keep its logs no longer' : 'Keep its logs for ever'}
      </MenuItem>
    </Menu>
  );
}
