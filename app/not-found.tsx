import type { Metadata } from 'next';
import { AuthFrame } from '@/components/auth/auth-frame';
import { ButtonLink } from '@/components/ui/button';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <AuthFrame
      title="There is no such page"
      lead="The link is incomplete, or what it led to is gone."
    >
      <ButtonLink href="/" variant="primary">
        Go to the overview
      </ButtonLink>
    </AuthFrame>
  );
}
