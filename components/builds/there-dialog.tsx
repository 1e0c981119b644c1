import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Digest } from '@/components/ui/digest';
import { Time } from '@/components/ui/time';
import type { ThereView } from '@/lib/build/ask-views';
import type { StartBuilds } from '@/lib/build/schema';

/** Asks what to do about images that stand where builds would push to, and that no build of the team made. */
export function ThereDialog({
  there,
  isPending,
  onAnswer,
  onClose,
}: {
  there: readonly ThereView[];
  isPending: boolean;
  onAnswer: (answers: StartBuilds['answers']) => void;
  onClose: () => void;
}) {
  const fit = there.filter(({ unfit }) => unfit === null);
  const unfit = there.filter((each) => !fit.includes(each));
  return (
    <Dialog
      title={
        there.length === 1
          ? 'This tag is in the registry already'
          : `${there.length} tags are in the registry already`
      }
      description="No build of this team made what is there, so nobody here knows what is in it."
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={
        <>
          <Button
            disabledReason={
              fit.length === 0 && 'What is there cannot stand for this build.'
            }
            isPending={isPending}
            onClick={() =>
              onAnswer({
                use: Object.fromEntries(
                  fit.map(({ spec, digest }) => [spec.id, digest]),
                ),
                rebuild: unfit.map(({ spec }) => spec.id),
              })
            }
          >
            Use what is there
          </Button>
          <Button
            variant="primary"
            isPending={isPending}
            onClick={() =>
              onAnswer({ use: {}, rebuild: there.map(({ spec }) => spec.id) })
            }
          >
            Rebuild
          </Button>
        </>
      }
    >
      <ul className="grid gap-3">
        {there.map((each) => (
          <There key={each.spec.id} there={each} />
        ))}
      </ul>
      <p className="mt-3 text-ink-3">
        A rebuild moves the tag to the new image.
        {fit.length > 0 &&
          unfit.length > 0 &&
          ' What cannot be used is built either way.'}
      </p>
    </Dialog>
  );
}

function There({
  there: { image, digest, createdAt, unfit },
}: {
  there: ThereView;
}) {
  return (
    <li className="grid gap-0.5">
      <code className="break-all">{image}</code>
      <span className="flex flex-wrap items-center gap-x-2 text-ink-2">
        <Digest value={digest} />
        <span>
          {createdAt === null ? (
            'it does not say when it was made'
          ) : (
            <>
              made <Time at={createdAt} />
            </>
          )}
          , origin unknown
        </span>
      </span>
      {unfit !== null && <span className="text-warn">{unfit}</span>}
    </li>
  );
}
