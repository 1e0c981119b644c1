import { Digest } from '@/components/ui/digest';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import type { BuildBaseView } from '@/lib/build/views';

/** The bases that moved since a build: what building it again would change. Nothing when none did. */
export function BaseNotice({
  bases,
  className,
}: {
  bases: readonly BuildBaseView[];
  className?: string;
}) {
  const moved = bases.filter(({ hasMoved }) => hasMoved);
  if (moved.length === 0) return null;
  return (
    <Notice
      tone="warn"
      title="A rebuild would change: base"
      {...(className === undefined ? {} : { className })}
    >
      <ul className="grid gap-1">
        {moved.map(({ reference, digest, current, checkedAt }) => (
          <li key={reference} className="wrap-anywhere">
            <code>{reference}</code> was <Digest value={digest} /> then and is{' '}
            {current === null ? 'gone' : <Digest value={current} />} now
            {checkedAt !== null && (
              <>
                , as of <Time at={checkedAt} />
              </>
            )}
            .
          </li>
        ))}
      </ul>
    </Notice>
  );
}
