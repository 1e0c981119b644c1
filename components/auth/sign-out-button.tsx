'use client';
import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { leave } from '@/components/auth/session';
import { Button } from '@/components/ui/button';
import { showFailure } from '@/components/ui/toast';

export function SignOutButton() {
  const [isPending, setIsPending] = useState(false);
  const signOut = () => {
    setIsPending(true);
    leave().catch((error: unknown) => {
      setIsPending(false);
      showFailure(error);
    });
  };
  return (
    <Button
      icon={<LogOut aria-hidden />}
      isPending={isPending}
      onClick={signOut}
    >
      Sign out
    </Button>
  );
}
