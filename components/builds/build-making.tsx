'use client';
import { WorkerName } from '@/components/builds/build-facts';
import { PHASE_NAMES } from '@/components/builds/labels';
import { useNow } from '@/components/ui/clock';
import { engineName } from '@/components/workers/worker-signs';
import { Card } from '@/components/ui/card';
import { KeyValue, KeyValues } from '@/components/ui/facts';
import { formatDuration } from '@/components/ui/format';
import { PHASES, phaseTimes } from '@/lib/build/compare';
import type { BuildView, StepView } from '@/lib/build/views';

/** Who made it, with what, and how long each part took. */
export function BuildMaking({
  build,
  steps,
}: {
  build: BuildView;
  steps: readonly StepView[];
}) {
  const times = phaseTimes(build, steps, useNow(1_000));
  const current = build.attempts.find(
    ({ attempt }) => attempt === build.attempt,
  );
  const made = current?.madeWith;
  return (
    <Card title="How it was made">
      <KeyValues>
        <KeyValue label="Worker">
          <WorkerName build={build} />
          {made && <span className="text-ink-3"> · release {made.worker}</span>}
        </KeyValue>
        <KeyValue label="Engine">
          {made ? engineName(made.engine) : '–'}
        </KeyValue>
        {PHASES.map((phase) => {
          const ms = times[phase];
          return (
            ms !== null && (
              <KeyValue key={phase} label={PHASE_NAMES[phase]}>
                <span className="tabular-nums">{formatDuration(ms)}</span>
              </KeyValue>
            )
          );
        })}
      </KeyValues>
    </Card>
  );
}
