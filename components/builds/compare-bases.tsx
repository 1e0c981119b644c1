import { Card } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { Digest } from '@/components/ui/digest';
import type { BuildBase } from '@/lib/build/bases';
import { type BasePair, pairBases } from '@/lib/build/compare';

type Bases = readonly BuildBase[];

/** Which images the two builds stood on. A build that told of none says nothing about those of the other. */
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
            ? 'The engine told of none, in neither build.'
            : `The engine told of none ${before.length === 0 ? 'before' : 'after'}.`}
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
  /** The other build told of no base at all. */
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
