import { Zap } from 'lucide-react';
import { breakReason, pairWords } from '@/components/builds/compare-words';
import { count, firstLine } from '@/components/builds/labels';
import { Chip } from '@/components/ui/chip';
import { cn } from '@/components/ui/cn';
import { formatDuration } from '@/components/ui/format';
import { Notice } from '@/components/ui/notice';
import { Section } from '@/components/ui/card';
import { StepMark } from '@/components/ui/status-chip';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import type { CacheBreak, StepPair } from '@/lib/build/compare-steps';
import type { StepView } from '@/lib/build/views';

/** Which step broke the cache, and why. */
export function CacheNotice({
  cacheBreak,
  isWithoutCache,
}: {
  cacheBreak: CacheBreak | null;
  isWithoutCache: boolean;
}) {
  if (!cacheBreak)
    return <Notice title="No step ran that came from the cache before" />;
  return (
    <Notice
      tone="warn"
      title={`The cache broke at step ${cacheBreak.place}: ${firstLine(cacheBreak.pair.after?.name ?? '')}`}
    >
      {breakReason(cacheBreak, isWithoutCache)}
    </Notice>
  );
}

/** The steps of both builds side by side. */
export function CompareSteps({ pairs }: { pairs: readonly StepPair[] }) {
  const differing = pairs.filter((pair) => pairWords(pair) !== null).length;
  return (
    <Section
      title={
        <>
          Steps{' '}
          <span className="font-normal text-ink-3">
            {pairs.length === 0
              ? 'neither build came to any'
              : differing === 0
                ? 'none differs'
                : `${count(differing, 'step')} of ${pairs.length} ${differing === 1 ? 'differs' : 'differ'}`}
          </span>
        </>
      }
    >
      {pairs.length > 0 && (
        <Table label="Steps" narrow="stack">
          <THead>
            <Th>Step</Th>
            <Th>Change</Th>
            <Th isNumeric>Before</Th>
            <Th isNumeric>After</Th>
          </THead>
          <TBody>
            {pairs.map((pair, index) => (
              <StepRow key={index} pair={pair} />
            ))}
          </TBody>
        </Table>
      )}
    </Section>
  );
}

function StepRow({ pair }: { pair: StepPair }) {
  const { before, after, isOtherText } = pair;
  const words = pairWords(pair);
  const stage = (after ?? before)?.stage ?? '';
  return (
    <Tr>
      <Td className="sm:w-full sm:max-w-0">
        <span className="grid min-w-0 gap-0.5">
          {isOtherText && before && (
            <Text sign="was" text={before.name} className="text-ink-3" />
          )}
          <Text
            sign={isOtherText ? 'now' : stage}
            text={(after ?? before)?.name ?? ''}
            isShort={!isOtherText}
          />
        </span>
      </Td>
      <Td
        {...(words ? { label: 'Change' } : {})}
        className={words ? 'whitespace-nowrap' : 'max-sm:hidden!'}
      >
        {words && <Chip tone={words.tone}>{words.text}</Chip>}
      </Td>
      <Td label="Before" isNumeric>
        <Took step={before} />
      </Td>
      <Td label="After" isNumeric>
        <Took step={after} />
      </Td>
    </Tr>
  );
}

function Text({
  sign,
  text,
  isShort = false,
  className,
}: {
  sign: string;
  text: string;
  /** Two lines of it: nobody has to read what did not change. */
  isShort?: boolean;
  className?: string;
}) {
  return (
    <span
      className={cn(isShort && 'line-clamp-2', className)}
      title={isShort ? text : undefined}
    >
      {sign !== '' && <span className="mr-1.5 text-xs text-ink-3">{sign}</span>}
      <span className="font-mono text-xs break-all">{text}</span>
    </span>
  );
}

function Took({ step }: { step: StepView | null }) {
  if (!step) return <span className="text-ink-3">–</span>;
  const { startedAt, completedAt, cached, state } = step;
  return (
    <span className="inline-flex items-center gap-1.5">
      {cached ? (
        <span className="inline-flex items-center gap-1 text-ink-2">
          <Zap aria-hidden className="size-3.5 text-ink-3" /> cached
        </span>
      ) : startedAt === null || completedAt === null ? null : (
        formatDuration(Date.parse(completedAt) - Date.parse(startedAt))
      )}
      <StepMark state={state} />
    </span>
  );
}
