import { CompareBases } from '@/components/builds/compare-bases';
import { PlatformChoice } from '@/components/builds/compare-choice';
import { CompareDefinition } from '@/components/builds/compare-definition';
import { CompareFacts, RunRows } from '@/components/builds/compare-facts';
import { CompareLayers } from '@/components/builds/compare-layers';
import { ComparePackages } from '@/components/builds/compare-packages';
import { CompareTable } from '@/components/builds/compare-rows';
import { CacheNotice, CompareSteps } from '@/components/builds/compare-steps';
import { isOneEach } from '@/lib/build/compare-platforms';
import { pairSteps } from '@/lib/build/compare-steps';
import type {
  BuildComparisonView,
  ComparedRunView,
} from '@/lib/build/history-views';

/**
 * How one build differs from another: what was asked for, and on a platform of both, what it stood on, its steps, its
 * image, its time.
 */
export function BuildComparison({
  comparison,
}: {
  comparison: BuildComparisonView;
}) {
  const { before, after, platforms, runs } = comparison;
  const isOfOne = isOneEach(platforms);
  const rows = runs && (
    <RunRows
      before={factsOf(runs.before)}
      after={factsOf(runs.after)}
      namesPlatform={!isOfOne || platforms.both.length === 0}
    />
  );
  return (
    <div className="grid grid-cols-1 gap-4">
      <CompareFacts
        before={before.build}
        after={after.build}
        platforms={platforms}
      >
        {isOfOne && rows}
      </CompareFacts>
      <CompareDefinition before={before} after={after} />
      <PlatformChoice comparison={comparison} />
      {runs && !isOfOne && (
        <CompareTable label={`On ${runs.before.platform}`}>{rows}</CompareTable>
      )}
      {runs && (
        <Runs
          before={runs.before}
          after={runs.after}
          isWithoutCache={after.isWithoutCache}
        />
      )}
    </div>
  );
}

// The rows are alive in the browser, which need not have the packages for that.
const factsOf = ({ platform, build }: ComparedRunView) => ({ platform, build });

function Runs({
  before,
  after,
  isWithoutCache,
}: {
  before: ComparedRunView;
  after: ComparedRunView;
  isWithoutCache: boolean;
}) {
  const pairs = pairSteps(before.build.steps, after.build.steps);
  return (
    <>
      <CacheNotice pairs={pairs} isWithoutCache={isWithoutCache} />
      <CompareBases before={before.build.bases} after={after.build.bases} />
      <CompareSteps before={before.build} after={after.build} pairs={pairs} />
      <ComparePackages before={before.packages} after={after.packages} />
      <CompareLayers before={before.layers} after={after.layers} />
    </>
  );
}
