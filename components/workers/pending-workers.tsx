'use client';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { OWNER_ONLY } from '@/components/ui/owner-only';
import { Time } from '@/components/ui/time';
import { showFailure } from '@/components/ui/toast';
import type { EnrolmentView } from '@/lib/build/views';
import { useDeleteEnrolment } from '@/lib/queries/workers';

/** The codes that wait for their worker. */
export function PendingWorkers({
  enrolments,
  isOwner,
}: {
  enrolments: readonly EnrolmentView[];
  isOwner: boolean;
}) {
  const withdraw = useDeleteEnrolment();
  return enrolments.map(({ id, name, expiresAt }) => (
    <Notice
      key={id}
      title={`${name} has not connected yet`}
      className="mb-4"
      actions={
        <Button
          size="sm"
          isPending={withdraw.isPending}
          disabledReason={!isOwner && OWNER_ONLY}
          onClick={() =>
            withdraw.mutate({ enrolmentId: id }, { onError: showFailure })
          }
        >
          Withdraw its code
        </Button>
      }
    >
      Its code ends <Time at={expiresAt} />.
    </Notice>
  ));
}
