import type { Metadata } from 'next';
import { ChangePasswordForm } from '@/components/auth/change-password-form';
import { SignOutButton } from '@/components/auth/sign-out-button';
import { ThemeChoice } from '@/components/shell/theme';
import { Card, Columns } from '@/components/ui/card';
import { Fact, Facts } from '@/components/ui/facts';
import { PageHeader } from '@/components/ui/page-header';
import { pageActor } from '@/lib/auth';

export const metadata: Metadata = { title: 'Account' };

const ROLES = {
  owner: 'Owner',
  member: 'Member',
} as const;

export default async function AccountPage() {
  const actor = await pageActor();
  return (
    <>
      <PageHeader title="Account" actions={<SignOutButton />} />
      <Facts>
        <Fact label="Name">{actor.name}</Fact>
        <Fact label="Signs in as">{actor.email}</Fact>
        <Fact label="Team">{actor.teamName}</Fact>
        <Fact label="Role">{ROLES[actor.role]}</Fact>
      </Facts>
      <div className="mt-4">
        <Columns>
          <Card title="Password">
            <ChangePasswordForm email={actor.email} />
          </Card>
          <Card title="Theme">
            <ThemeChoice />
            <p className="mt-2 text-xs text-ink-3">
              Kept in this browser. System follows the setting of this machine.
            </p>
          </Card>
        </Columns>
      </div>
    </>
  );
}
