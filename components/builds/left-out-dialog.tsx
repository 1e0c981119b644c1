import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextLink } from '@/components/ui/link';
import type { AskAnswer } from '@/lib/build/ask-views';

/** Names the specs that were not built with their base, because they stand on an older revision of it. */
export function LeftOutDialog({
  answer: { builds, leftOut },
  onDone,
}: {
  answer: AskAnswer;
  onDone: () => void;
}) {
  return (
    <Dialog
      title={
        builds.length === 1
          ? 'One build was asked for'
          : `${builds.length} builds were asked for`
      }
      description="These specs stand on an older revision of their base, so a build of it changes nothing for them. Edit them to follow."
      isOpen
      onOpenChange={(isOpen) => !isOpen && onDone()}
      footer={
        <Button variant="primary" onClick={onDone}>
          See what was started
        </Button>
      }
    >
      <ul className="grid gap-1">
        {leftOut.map(({ id, name }) => (
          <li key={id}>
            <TextLink href={`/specs/${id}`}>{name}</TextLink>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
