import { Card } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { Digest } from '@/components/ui/digest';
import type { BuildBase } from '@/lib/build/bases';
import { type BasePair, pairBases } from '@/lib/build/compare';

type Bases = readonly BuildBase[];

/** Which images the two builds stood on. Where none is known of one build, those of the other are neither new nor gone. */
export function CompareBases({
  before,
  after,
}: {
  before: Bases;
  after: Bases;
}) {
  const bases = pairBases(before, after);
  const isOneSided = before.length === 0 || after.length === 0;
  return (
    <Card title="Base images">
      {isOneSided && (
        <p className="text-ink-2 not-last:mb-2">
          {bases.length === 0
            ? 'What they stood on is not known.'
            : `What it stood on ${before.length === 0 ? 'before' : 'after'} is not known.`}
        </p>
      )}
      {bases.length > 0 && (
        <ul className="grid gap-2">
          {bases.map((base) => (
            <Base key={base.reference} base={base} isAlone={isOneSided} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Base({
  base: { reference, before, after },
  isAlone,
}: {
  base: BasePair;
  /** Of the other build no base is known at all. */
  isAlone: boolean;
}) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <code className="min-w-0 break-all">{reference}</code>
      {isAlone ? null : before === after ? (
        <Chip>same</Chip>
      ) : before === null ? (
        <Chip tone="good">new</Chip>
      ) : after === null ? (
        <Chip tone="bad">gone</Chip>
      ) : (
        <Chip tone="warn">another digest</Chip>
      )}
      {before !== null && before !== after && (
        <span className="inline-flex items-center gap-1 text-ink-2">
          {!isAlone && 'was'} <Digest value={before} />
        </span>
      )}
      {after !== null && <Digest value={after} />}
    </li>
  );
}
