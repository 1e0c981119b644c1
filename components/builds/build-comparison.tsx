import type { ReactNode } from 'react';
import { CompareFacts } from '@/components/builds/compare-facts';
import { CompareLayers } from '@/components/builds/compare-layers';
import { ComparePackages } from '@/components/builds/compare-packages';
import { CacheNotice, CompareSteps } from '@/components/builds/compare-steps';
import { ChangeList } from '@/components/specs/change-list';
import { Card } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { Digest } from '@/components/ui/digest';
import { TextLink } from '@/components/ui/link';
import { type BasePair, pairBases } from '@/lib/build/compare';
import { findCacheBreak, pairSteps } from '@/lib/build/compare-steps';
import type { BuildComparisonView } from '@/lib/build/history-views';
import { changedFields } from '@/lib/imagespec/changes';

/** How one build differs from another: what was asked for, what it stood on, its steps, its image, its time. */
export function BuildComparison({
  comparison,
}: {
  comparison: BuildComparisonView;
}) {
  const { before, after } = comparison;
  const pairs = pairSteps(before.build.steps, after.build.steps);
  return (
    <div className="grid grid-cols-1 gap-4">
      <CompareFacts comparison={comparison} />
      <CacheNotice
        cacheBreak={findCacheBreak(pairs)}
        isWithoutCache={after.isWithoutCache}
      />
      <DefinitionCard comparison={comparison} />
      <BasesCard bases={pairBases(before.build.bases, after.build.bases)} />
      <CompareSteps pairs={pairs} />
      <ComparePackages before={before.packages} after={after.packages} />
      <CompareLayers before={before.layers} after={after.layers} />
    </div>
  );
}

function DefinitionCard({
  comparison: { before, after },
}: {
  comparison: BuildComparisonView;
}) {
  const [was, is] = [before.revision, after.revision];
  const isSameSpec = was.specId === is.specId;
  if (was.id === is.id)
    return (
      <Card title="Definition">
        <Said>Both were built from revision {is.number}.</Said>
      </Card>
    );
  const changes = changedFields(was, is);
  return (
    <Card
      title="Definition"
      actions={
        isSameSpec && (
          <TextLink
            href={`/specs/${is.specId}/revisions/${is.number}?with=${was.number}`}
          >
            Compare line by line
          </TextLink>
        )
      }
    >
      <p className="mb-2 text-ink-2">
        From revision {was.number}
        {!isSameSpec && ` of ${before.build.spec.name}`} to revision {is.number}
        {!isSameSpec && ` of ${after.build.spec.name}`}.
      </p>
      {changes.length === 0 ? (
        <p>Both ask for the same.</p>
      ) : (
        <ChangeList changes={changes} />
      )}
    </Card>
  );
}

function BasesCard({ bases }: { bases: readonly BasePair[] }) {
  return (
    <Card title="Base images">
      {bases.length === 0 ? (
        <Said>The engine told of none, in neither build.</Said>
      ) : (
        <ul className="grid gap-2">
          {bases.map((base) => (
            <Base key={base.reference} base={base} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Base({ base: { reference, before, after } }: { base: BasePair }) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <code className="min-w-0 break-all">{reference}</code>
      {before === after ? (
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
          was <Digest value={before} />
        </span>
      )}
      {after !== null && <Digest value={after} />}
    </li>
  );
}

function Said({ children }: { children: ReactNode }) {
  return <p className="text-ink-2">{children}</p>;
}
