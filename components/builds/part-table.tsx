import { WorkerName } from '@/components/builds/build-facts';
import { asSentence } from '@/components/builds/labels';
import { PlatformTable } from '@/components/builds/platform-table';
import { imageHref } from '@/components/builds/published-card';
import { Digest } from '@/components/ui/digest';
import { TextLink } from '@/components/ui/link';
import type { BuildPartView } from '@/lib/build/views';

/** The parts of a build for several platforms, each with a log of its own. */
export function PartTable({ parts }: { parts: readonly BuildPartView[] }) {
  return (
    <PlatformTable
      rows={parts.map((part) => ({
        of: part,
        name: (
          <TextLink href={`/builds/${part.id}`}>
            <code>{part.platform}</code>
            <span className="sr-only">, log</span>
          </TextLink>
        ),
        result: <PartResult part={part} />,
        worker: <WorkerName build={part} />,
      }))}
    />
  );
}

/** Its digest, why it failed, or why it waits. */
function PartResult({ part }: { part: BuildPartView }) {
  const { digest, failure, queue, repository } = part;
  if (digest !== null)
    return <Digest value={digest} href={imageHref(repository.id, digest)} />;
  if (failure) return failure.message;
  return queue && asSentence(queue.reason);
}
