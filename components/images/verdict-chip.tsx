import {
  CircleAlert,
  CircleCheck,
  CircleHelp,
  TriangleAlert,
} from 'lucide-react';
import { Chip, type Tone } from '@/components/ui/chip';
import type { AccessVerdict } from '@/lib/registry/access';
import { verdictLabel } from '@/lib/registry/access-view';

const LOOKS = {
  good: { tone: 'good', Icon: CircleCheck },
  warning: { tone: 'warn', Icon: TriangleAlert },
  bad: { tone: 'bad', Icon: CircleAlert },
  neutral: { tone: 'idle', Icon: CircleHelp },
} as const satisfies Record<string, { tone: Tone; Icon: typeof CircleAlert }>;

/** Whether anyone can pull an image, in a word. */
export function VerdictChip({ verdict }: { verdict: AccessVerdict | null }) {
  if (verdict === null) return <Chip>not checked</Chip>;
  const { tone, label } = verdictLabel(verdict);
  const look = LOOKS[tone];
  return (
    <Chip tone={look.tone} icon={<look.Icon />}>
      {label}
    </Chip>
  );
}
