import {
  CircleAlert,
  CircleCheck,
  CircleOff,
  CirclePause,
  FlaskConical,
  Stethoscope,
  Unplug,
} from 'lucide-react';
import { Chip } from '@/components/ui/chip';
import { worstOf } from '@/lib/build/doctor';
import { engineTitle } from '@/lib/build/engine-words';
import type { MadeWith } from '@/lib/build/made-with';
import type { WorkerView } from '@/lib/build/views';

/** Whether a worker can be counted on now: it speaks to us, its engine to it, and it may take builds. */
export function WorkerStateChip({ worker }: { worker: WorkerView }) {
  if (worker.refusedProtocol !== null)
    return (
      <Chip tone="bad" icon={<Unplug aria-hidden />}>
        Other release
      </Chip>
    );
  if (!worker.isOnline)
    return <Chip icon={<CircleOff aria-hidden />}>Offline</Chip>;
  if (worker.engine?.state !== 'ready')
    return (
      <Chip
        tone="warn"
        icon={<CircleAlert aria-hidden />}
        title={worker.engine?.reason}
      >
        No engine
      </Chip>
    );
  if (worker.paused)
    return (
      <Chip tone="warn" icon={<CirclePause aria-hidden />}>
        {worker.builds.length > 0 ? 'Draining' : 'Paused'}
      </Chip>
    );
  return (
    <Chip tone="good" icon={<CircleCheck aria-hidden />}>
      Online
    </Chip>
  );
}

/** A test engine publishes nothing, and says so wherever it is seen. */
export function TestEngineChip({ worker }: { worker: WorkerView }) {
  const { engine } = worker;
  if (engine?.state !== 'ready' || engine.kind !== 'test') return null;
  return (
    <Chip tone="warn" icon={<FlaskConical aria-hidden />}>
      Test engine
    </Chip>
  );
}

/** That its last look after itself found something to mend. */
export function FindingsChip({ worker }: { worker: WorkerView }) {
  const wrong = (worker.findings ?? []).filter(
    ({ state }) => state === 'bad' || state === 'warn',
  );
  if (wrong.length === 0) return null;
  return (
    <Chip
      tone={worstOf(wrong) === 'bad' ? 'bad' : 'warn'}
      icon={<Stethoscope aria-hidden />}
    >
      {wrong.length} to mend
    </Chip>
  );
}

/** What builds may ask of a worker. */
export function LabelChips({ labels }: { labels: readonly string[] }) {
  return labels.map((label) => (
    <Chip key={label} look="hollow" isMono>
      {label}
    </Chip>
  ));
}

/** "Docker 28.0.0", with a capital where it begins a line. */
export function engineName(engine: MadeWith['engine']): string {
  const title = engineTitle(engine);
  return title.charAt(0).toUpperCase() + title.slice(1);
}
