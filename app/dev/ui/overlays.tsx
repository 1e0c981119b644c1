'use client';
import { Archive, ChevronDown, Copy, Pencil } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Section } from '@/components/ui/card';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Dialog, DialogClose } from '@/components/ui/dialog';
import { Menu, MenuItem, MenuLink, MenuSeparator } from '@/components/ui/menu';
import { showFailure } from '@/components/ui/toast';
import { ERRORS } from '@/lib/errors';
import { RequestError } from '@/lib/queries/fetch-json';

const pause = () => new Promise((resolve) => setTimeout(resolve, 1_000));

const moved = new RequestError({
  code: 'BUILD_NOT_MOVABLE',
  message: 'Build #1284 has ended already.',
  hint: ERRORS.BUILD_NOT_MOVABLE.hint,
});

export function Overlays() {
  const [isArchiving, setIsArchiving] = useState(false);
  return (
    <Section title="Over the page">
      <div className="flex flex-wrap gap-2">
        <Dialog
          trigger={<Button>Replace credential…</Button>}
          title="Replace the credential of ghcr.io/acme"
          description="Builds that run keep the old one; the next build takes the new one."
          footer={
            <>
              <DialogClose>Cancel</DialogClose>
              <Button variant="primary">Replace</Button>
            </>
          }
        >
          The form stands here.
        </Dialog>
        <ConfirmDialog
          trigger={<Button variant="danger">Archive…</Button>}
          title="Archive etl-base?"
          confirmLabel="Archive"
          onConfirm={pause}
        >
          Nobody can build it until it is restored. Its 14 revisions, 22 builds
          and all images stay.
        </ConfirmDialog>
        <ConfirmDialog
          trigger={<Button variant="danger">Cancel build…</Button>}
          title="Cancel build #1284?"
          confirmLabel="Cancel the build"
          cancelLabel="Let it run"
          onConfirm={async () => {
            await pause();
            throw moved;
          }}
        >
          The running command is stopped and nothing is pushed.
        </ConfirmDialog>
        <Menu
          trigger={
            <Button>
              More <ChevronDown aria-hidden />
            </Button>
          }
        >
          <MenuLink href="/specs" icon={<Pencil aria-hidden />}>
            Edit
          </MenuLink>
          <MenuItem icon={<Copy aria-hidden />} onSelect={() => undefined}>
            Duplicate
          </MenuItem>
          <MenuItem isDisabled onSelect={() => undefined}>
            Restore
          </MenuItem>
          <MenuSeparator />
          <MenuItem
            icon={<Archive aria-hidden />}
            isDanger
            onSelect={() => setIsArchiving(true)}
          >
            Archive…
          </MenuItem>
        </Menu>
        <ConfirmDialog
          isOpen={isArchiving}
          onOpenChange={setIsArchiving}
          title="Archive from a menu?"
          confirmLabel="Archive"
          onConfirm={pause}
        >
          Opened from outside.
        </ConfirmDialog>
        <Button onClick={() => showFailure(moved)}>
          A failure without a place
        </Button>
      </div>
    </Section>
  );
}
