import { Zap } from 'lucide-react';
import {
  breakReason,
  pairWords,
  stepsInWords,
  whyNoSteps,
} from '@/components/builds/compare-words';
import { firstLine } from '@/components/builds/labels';
import { Chip } from '@/components/ui/chip';
import { cn } from '@/components/ui/cn';
import { formatDuration } from '@/components/ui/format';
import { Notice } from '@/components/ui/notice';
import { Section } from '@/components/ui/card';
import { StepMark } from '@/components/ui/status-chip';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import {
  findCacheBreak,
  areBothThere,
  type StepPair,
} from '@/lib/build/compare-steps';
import type { BuildView, StepView } from '@/lib/build/views';

/** Which step broke the cache, and why; nothing where one of the builds came to no step. */
export function CacheNotice({
  pairs,
  isWithoutCache,
}: {
  pairs: readonly StepPair[];
  isWithoutCache: boolean;
}) {
  if (!areBothThere(pairs)) return null;
  const cacheBreak = findCacheBreak(pairs);
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
export function CompareSteps({
  before,
  after,
  pairs,
}: {
  before: BuildView;
  after: BuildView;
  pairs: readonly StepPair[];
}) {
  const areCompared = areBothThere(pairs);
  return (
    <Section
      title={
        <>
          Steps{' '}
          <span className="font-normal text-ink-3">{stepsInWords(pairs)}</span>
        </>
      }
    >
      {before.steps.length === 0 && (
        <p className="text-ink-2 not-last:mb-2">Before: {whyNoSteps(before)}</p>
      )}
      {after.steps.length === 0 && (
        <p className="text-ink-2 not-last:mb-2">After: {whyNoSteps(after)}</p>
      )}
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
              <StepRow
                key={index}
                pair={pair}
                words={areCompared ? pairWords(pair) : null}
              />
            ))}
          </TBody>
        </Table>
      )}
    </Section>
  );
}

function StepRow({
  pair: { before, after, isOtherText },
  words,
}: {
  pair: StepPair;
  words: ReturnType<typeof pairWords>;
}) {
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
