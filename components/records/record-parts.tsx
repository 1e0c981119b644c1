import { PlatformTable } from '@/components/builds/platform-table';
import { Digest } from '@/components/ui/digest';
import type { RecordPart } from '@/lib/build/build-record';

/** What came of each platform of an imported build for several. */
export function RecordParts({ parts }: { parts: readonly RecordPart[] }) {
  return (
    <>
      <PlatformTable
        rows={parts.map((part) => ({
          of: part,
          name: <code>{part.platform}</code>,
          result:
            part.digest === null ? (
              part.failure?.message
            ) : (
              <Digest value={part.digest} />
            ),
          worker: part.worker ?? '–',
        }))}
      />
      <p className="mt-2 text-ink-2">
        Steps, log and packages of a platform are in a record of its own, which
        its page gives where it was built.
      </p>
    </>
  );
}
