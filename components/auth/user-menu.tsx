'use client';
import { ChevronDown, LogOut, UserRound } from 'lucide-react';
import { Button } from '@/components/ui/button';
import {
  Menu,
  MenuHeading,
  MenuItem,
  MenuLink,
  MenuSeparator,
} from '@/components/ui/menu';
import { showFailure } from '@/components/ui/toast';
import { leave } from '@/components/auth/session';

/** Who is signed in, and the way out. */
export function UserMenu({ name, email }: { name: string; email: string }) {
  return (
    <Menu
      trigger={
        <Button
          variant="ghost"
          aria-label={`Your account, ${name}`}
          className="max-w-44"
        >
          <UserRound aria-hidden className="sm:hidden" />
          <span className="truncate max-sm:hidden">{name}</span>
          <ChevronDown aria-hidden className="text-ink-3 max-sm:hidden" />
        </Button>
      }
    >
      <MenuHeading>
        <div className="truncate font-semibold">{name}</div>
        <div className="truncate text-xs text-ink-3">{email}</div>
      </MenuHeading>
      <MenuSeparator />
      <MenuLink href="/account" icon={<UserRound aria-hidden />}>
        Account
      </MenuLink>
      <MenuItem
        icon={<LogOut aria-hidden />}
        onSelect={() => void leave().catch(showFailure)}
      >
        Sign out
      </MenuItem>
    </Menu>
  );
}
