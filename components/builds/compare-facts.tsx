'use client';
import type { ReactNode } from 'react';
import {
  CompareRow,
  CompareTable,
  MeasureRow,
} from '@/components/builds/compare-rows';
import { WorkerName } from '@/components/builds/build-facts';
import { cacheSummary, PHASE_NAMES } from '@/components/builds/labels';
import { imageHref } from '@/components/builds/published-card';
import { useNow } from '@/components/ui/clock';
import { Digest } from '@/components/ui/digest';
import { formatBytes, formatDuration } from '@/components/ui/format';
import { TextLink } from '@/components/ui/link';
import { StatusChip } from '@/components/ui/status-chip';
import { Time } from '@/components/ui/time';
import { PHASES, phaseTimes } from '@/lib/build/compare';
import { isOneEach, type PlatformPairs } from '@/lib/build/compare-platforms';
import type { ComparedRunView } from '@/lib/build/history-views';
import type { BuildView } from '@/lib/build/views';
import { listPlatforms } from '@/lib/registry/platform';

type Builds = { before: BuildView; after: BuildView };
type Run = Pick<ComparedRunView, 'platform' | 'build'>;

/** What the two builds are as a whole. `children` are more rows: those of what ran, where each is for one platform. */
export function CompareFacts({
  before,
  after,
  platforms,
  children,
}: Builds & { platforms: PlatformPairs; children?: ReactNode }) {
  return (
    <CompareTable label="The two builds">
      <CompareRow
        name="Build"
        before={<Name build={before} />}
        after={<Name build={after} />}
      />
      <CompareRow
        name="Asked for"
        before={<Time at={before.createdAt} />}
        after={<Time at={after.createdAt} />}
      />
      {!isOneEach(platforms) && (
        <SeveralRows
          before={before}
          after={after}
          isSame={[platforms.onlyBefore, platforms.onlyAfter].every(
            (only) => only.length === 0,
          )}
        />
      )}
      {children}
    </CompareTable>
  );
}

/** What there is to say of a build for several platforms as a whole: an index, and how long all of them took. */
function SeveralRows({ before, after, isSame }: Builds & { isSame: boolean }) {
  const now = useNow(1_000);
  return (
    <>
      <CompareRow
        name="Platforms"
        before={<Platforms build={before} />}
        after={<Platforms build={after} />}
        difference={isSame && 'the same'}
      />
      <MeasureRow
        name="In all"
        before={phaseTimes(before, [], now).total}
        after={phaseTimes(after, [], now).total}
        format={formatDuration}
      />
      <DigestRow before={before} after={after} />
    </>
  );
}

/** The time and size of what ran for one platform. */
export function RunRows({
  before,
  after,
  namesPlatform,
}: {
  before: Run;
  after: Run;
  /** Says what the platform is, and how it went there. */
  namesPlatform: boolean;
}) {
  const now = useNow(1_000);
  const [a, b] = [before.build, after.build];
  const times = {
    a: phaseTimes(a, a.steps, now),
    b: phaseTimes(b, b.steps, now),
  };
  return (
    <>
      {namesPlatform && (
        <CompareRow
          name="Platform"
          before={<RunName run={before} />}
          after={<RunName run={after} />}
        />
      )}
      <CompareRow
        name="Worker"
        before={<WorkerName build={a} />}
        after={<WorkerName build={b} />}
      />
      <CompareRow
        name="From the cache"
        before={cacheSummary(a.steps) ?? '–'}
        after={cacheSummary(b.steps) ?? '–'}
      />
      {PHASES.map((phase) => (
        <MeasureRow
          key={phase}
          name={PHASE_NAMES[phase]}
          before={times.a[phase]}
          after={times.b[phase]}
          format={formatDuration}
        />
      ))}
      <MeasureRow
        name="In all"
        before={times.a.total}
        after={times.b.total}
        format={formatDuration}
      />
      <MeasureRow
        name="Image size"
        before={a.sizeBytes}
        after={b.sizeBytes}
        format={formatBytes}
      />
      <DigestRow before={a} after={b} />
    </>
  );
}

function DigestRow({ before, after }: Builds) {
  return (
    <CompareRow
      name="Digest"
      before={<Result build={before} />}
      after={<Result build={after} />}
      difference={
        before.digest !== null && before.digest === after.digest && 'the same'
      }
    />
  );
}

function Name({
  build: { id, number, spec, revision, state, partOf, platform },
}: {
  build: BuildView;
}) {
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <TextLink href={`/builds/${id}`}>
        {spec.name} #{number}
      </TextLink>
      {partOf && <code>{platform}</code>}
      <span className="text-ink-3">revision {revision.number}</span>
      <StatusChip state={state} />
    </span>
  );
}

function RunName({ run: { platform, build } }: { run: Run }) {
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <TextLink href={`/builds/${build.id}`}>
        <code>{platform}</code>
        <span className="sr-only">, log</span>
      </TextLink>
      <StatusChip state={build.state} />
    </span>
  );
}

function Platforms({ build }: { build: BuildView }) {
  return <code>{listPlatforms(build.platform).join(', ')}</code>;
}

function Result({ build: { digest, repository } }: { build: BuildView }) {
  return digest === null ? (
    '–'
  ) : (
    <Digest value={digest} href={imageHref(repository.id, digest)} />
  );
}
