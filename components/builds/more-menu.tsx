'use client';
import { Ellipsis, FileDown, Pin, PinOff } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Menu, MenuDownload, MenuItem } from '@/components/ui/menu';
import { showFailure } from '@/components/ui/toast';
import { isMoving } from '@/lib/build/state';
import type { BuildView } from '@/lib/build/views';
import { recordUrl } from '@/lib/queries/builds';
import { useKeepLogs } from '@/lib/queries/logs';

/** What is seldom done to a build: keeping its logs, handing it to others. */
export function MoreMenu({
  build: { id, kept, state },
}: {
  build: Pick<BuildView, 'id' | 'kept' | 'state'>;
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
      {!isMoving(state) && (
        <MenuDownload icon={<FileDown aria-hidden />} href={recordUrl(id)}>
          Export record
        </MenuDownload>
      )}
    </Menu>
  );
}
