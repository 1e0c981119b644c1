import {
  CircleAlert,
  CircleCheck,
  CircleSlash,
  Clock,
  Copy,
} from 'lucide-react';
import { Chip, type Tone } from '@/components/ui/chip';
import type { CopyState } from '@/lib/registry/inventory';
import type { CopyView } from '@/lib/registry/inventory-views';

const LOOKS: Record<
  CopyState,
  { tone: Tone; label: string; Icon: typeof Copy }
> = {
  waiting: { tone: 'idle', label: 'waiting', Icon: Clock },
  running: { tone: 'run', label: 'copying', Icon: Copy },
  done: { tone: 'good', label: 'copied', Icon: CircleCheck },
  failed: { tone: 'bad', label: 'failed', Icon: CircleAlert },
  cancelled: { tone: 'idle', label: 'cancelled', Icon: CircleSlash },
};

export function CopyChip({ copy }: { copy: CopyView }) {
  const { tone, label, Icon } = LOOKS[copy.state];
  return (
    <Chip tone={tone} icon={<Icon />}>
      {copy.isCancelling ? 'cancelling' : label}
    </Chip>
  );
}
