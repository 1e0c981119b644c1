import { Check, CircleHelp, Minus, X } from 'lucide-react';
import { Chip, type Tone } from '@/components/ui/chip';
import type { CredentialCheckView } from '@/lib/registry/views';

type Outcome = CredentialCheckView['pull']['outcome'];

const LOOKS: Record<Outcome, { tone: Tone; word: string; Icon: typeof Check }> =
  {
    accepted: { tone: 'good', word: 'accepted', Icon: Check },
    not_needed: { tone: 'idle', word: 'not needed', Icon: Minus },
    no_access: { tone: 'bad', word: 'no access', Icon: X },
    refused: { tone: 'bad', word: 'refused', Icon: X },
    unknown: { tone: 'warn', word: 'cannot tell', Icon: CircleHelp },
  };

/** What a test found for one purpose, in a word. */
export function CheckChip({
  purpose,
  result,
}: {
  purpose: 'Pull' | 'Push';
  result: CredentialCheckView['pull'];
}) {
  const { tone, word, Icon } = LOOKS[result.outcome];
  return (
    <Chip tone={tone} icon={<Icon />} title={result.explanation}>
      {purpose} {word}
    </Chip>
  );
}
