import { CodeBlock } from '@/components/ui/code-block';

/** The command that prints a one-time link: for the first account, or for a lost password once there is an owner. */
export function LinkCommand({ hasOwner }: { hasOwner: boolean }) {
  return (
    <>
      <p className="mb-3 text-ink-2">
        A link works once and for 24 hours.{' '}
        {hasOwner
          ? 'To print one for a new password of the owner, in the folder of Imageyard:'
          : 'To print one for the first account, in the folder of Imageyard:'}
      </p>
      <CodeBlock
        label="command"
        text={hasOwner ? 'npm run reset-owner' : 'npm run set-up-link'}
      />
    </>
  );
}
