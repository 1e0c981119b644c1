import { TextLink } from '@/components/ui/link';
import type { WorkerView } from '@/lib/build/views';

/** The builds a worker has in hand, by their pages, and how many it may have. */
export function WorkerBuilds({ worker }: { worker: WorkerView }) {
  const { builds, slots } = worker;
  return (
    <span className="inline-flex flex-wrap gap-x-2">
      <span className="text-ink-3 tabular-nums">
        {builds.length} of {slots}
      </span>
      {builds.map((build) => (
        <TextLink key={build.id} href={`/builds/${build.id}`}>
          {build.specName} #{build.number}
        </TextLink>
      ))}
    </span>
  );
}

/** What a worker's engine builds for. */
export function Platforms({ worker }: { worker: WorkerView }) {
  const { engine } = worker;
  if (engine?.state !== 'ready') return <span className="text-ink-3">–</span>;
  const { platforms, emulated = [] } = engine;
  return (
    <span className="inline-flex flex-wrap gap-x-2">
      {platforms.map((platform) => (
        <span key={platform}>
          <code>{platform}</code>
          {emulated.includes(platform) && (
            <span className="text-ink-3"> emulated</span>
          )}
        </span>
      ))}
    </span>
  );
}
