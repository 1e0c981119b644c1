'use client';
import { useState } from 'react';
import { AttemptPicker, EarlierAttempt } from '@/components/builds/attempt-log';
import { ConnectionChip } from '@/components/builds/connection-chip';
import { LogViewer } from '@/components/builds/log-viewer';
import { useAnchor } from '@/components/builds/use-anchor';
import type { useBuildLog } from '@/components/builds/use-build-log';
import type { RunView } from '@/lib/build/run-view';

/** The log of the attempt somebody chose or a link names, at first the current one's. */
export function Attempts({
  build,
  open,
  status,
}: { build: RunView } & Pick<
  ReturnType<typeof useBuildLog>,
  'open' | 'status'
>) {
  const [chosen, setChosen] = useState<number>();
  useAnchor(({ attempt }) => setChosen(attempt ?? undefined));
  const { attempts } = build;
  const current = attempts.find(({ attempt }) => attempt === build.attempt);
  const shown = attempts.find(({ attempt }) => attempt === chosen) ?? current;
  if (!shown || !current)
    return (
      <p className="rounded-lg border bg-panel px-3 py-4 text-center text-ink-3">
        {build.state === 'queued'
          ? 'Steps and log come when a worker takes this build.'
          : 'No worker took this build.'}
      </p>
    );
  const picker = (
    <AttemptPicker attempts={attempts} shown={shown} onChange={setChosen} />
  );
  if (shown !== current)
    return <EarlierAttempt build={build} attempt={shown} status={picker} />;
  return (
    <LogViewer
      build={build}
      attempt={current}
      open={open}
      status={
        <>
          <ConnectionChip status={status} />
          {picker}
        </>
      }
    />
  );
}
