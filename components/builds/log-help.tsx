import { KEY_HELP } from '@/components/builds/log-keys';
import { Dialog } from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/kbd';

/** What the keys do, and how lines are selected. */
export function LogHelp({
  isOpen,
  onOpenChange,
}: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  return (
    <Dialog
      title="Keys of the log"
      description="They work while nothing is typed into a field."
      isOpen={isOpen}
      onOpenChange={onOpenChange}
    >
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] items-baseline gap-x-4 gap-y-1.5">
        {KEY_HELP.map(({ keys, does }) => (
          <div key={does} className="contents">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-3 text-ink-2">
        Click a line number to select the line and to get a link to it; click
        another with <Kbd>Shift</Kbd> to select all lines between.
      </p>
    </Dialog>
  );
}
