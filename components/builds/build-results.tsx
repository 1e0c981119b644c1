import type { ReactNode } from 'react';
import { BaseImages } from '@/components/builds/base-images';
import { BuildMaking } from '@/components/builds/build-making';
import { imageHref } from '@/components/builds/published-card';
import { Card, Columns } from '@/components/ui/card';
import { CodeBlock } from '@/components/ui/code-block';
import { Digest } from '@/components/ui/digest';
import { formatBytes } from '@/components/ui/format';
import { KeyValue, KeyValues } from '@/components/ui/facts';
import { TextLink } from '@/components/ui/link';
import { isMoving } from '@/lib/build/state';
import type { BuildView, StepView } from '@/lib/build/views';

/** What went into a build and what came out of it. */
export function BuildResults({
  build,
  steps,
}: {
  build: BuildView;
  steps: readonly StepView[];
}) {
  const hasParts = build.parts.length > 0;
  return (
    <div className="grid grid-cols-1 gap-4">
      <Columns>
        <Inputs build={build} />
        <div className="grid grid-cols-1 gap-4">
          <Outputs build={build} />
          {!hasParts && <BuildMaking build={build} steps={steps} />}
        </div>
      </Columns>
      {!hasParts && <Dockerfile build={build} />}
    </div>
  );
}

function Inputs({
  build: { spec, revision, base, bases, platform, state, secrets },
}: {
  build: BuildView;
}) {
  return (
    <Card title="Inputs">
      <KeyValues>
        <KeyValue label="Definition">
          <TextLink href={`/specs/${spec.id}/revisions/${revision.number}`}>
            {spec.name}, revision {revision.number}
          </TextLink>
        </KeyValue>
        <KeyValue label="Platform">
          <Platforms platform={platform} />
        </KeyValue>
        {base && (
          <KeyValue label="Base spec">
            <TextLink href={`/builds/${base.id}`}>
              {base.specName} #{base.number}
            </TextLink>
          </KeyValue>
        )}
        <KeyValue label="Base images">
          {bases.length === 0 ? (
            <Nothing>
              {isMoving(state)
                ? 'Told when the build is over.'
                : 'The engine told of none.'}
            </Nothing>
          ) : (
            <BaseImages bases={bases} />
          )}
        </KeyValue>
        <KeyValue label="Secrets">
          {secrets.length === 0 ? (
            <Nothing>It may read none.</Nothing>
          ) : (
            secrets.map((name) => (
              <code key={name} className="mr-2">
                {name}
              </code>
            ))
          )}
        </KeyValue>
      </KeyValues>
    </Card>
  );
}

function Outputs({
  build: {
    repository,
    tag,
    platform,
    digest,
    state,
    verifiedBy,
    sizeBytes,
    outputs,
  },
}: {
  build: BuildView;
}) {
  if (state !== 'published' || digest === null)
    return (
      <Card title="Outputs">
        <Nothing>
          {isMoving(state)
            ? 'Nothing is published yet.'
            : 'This build published nothing.'}
        </Nothing>
      </Card>
    );
  return (
    <Card title="Outputs">
      <KeyValues>
        <KeyValue label="Image">
          <code className="break-all">
            {repository.name}:{tag}
          </code>
        </KeyValue>
        <KeyValue label="Digest">
          <Digest value={digest} href={imageHref(repository.id, digest)} />
        </KeyValue>
        {outputs.length > 1 ? (
          outputs.map((one) => (
            <KeyValue key={one.platform} label={one.platform}>
              <Digest
                value={one.digest}
                href={imageHref(repository.id, one.digest)}
              />
            </KeyValue>
          ))
        ) : (
          <KeyValue label="Platform">
            <Platforms platform={platform} />
          </KeyValue>
        )}
        {sizeBytes !== null && (
          <KeyValue label="Size to pull">
            {formatBytes(sizeBytes)}{' '}
            <TextLink href={imageHref(repository.id, digest)}>
              layer by layer
            </TextLink>
          </KeyValue>
        )}
        <KeyValue label="Read back by">
          {verifiedBy === 'worker' ? 'the worker' : 'this server'}
        </KeyValue>
      </KeyValues>
    </Card>
  );
}

/** The exact text an attempt ran. */
export function Dockerfile({
  build: { dockerfile, attempt, state },
}: {
  build: Pick<BuildView, 'dockerfile' | 'attempt' | 'state'>;
}) {
  return (
    <Card title="Dockerfile" isFlush={dockerfile !== null}>
      {dockerfile === null ? (
        <Nothing>
          {isMoving(state)
            ? 'The worker writes it when it begins.'
            : 'No worker came so far as to write it.'}
        </Nothing>
      ) : (
        <>
          <p className="border-b px-3 py-1.5 text-ink-2">
            The exact text attempt {attempt} ran, with what the worker added.
          </p>
          <CodeBlock text={dockerfile} label="Dockerfile" hasNumbers isFlush />
        </>
      )}
    </Card>
  );
}

function Platforms({ platform }: { platform: string }) {
  return <code>{platform.replaceAll(',', ', ')}</code>;
}

function Nothing({ children }: { children: ReactNode }) {
  return <span className="text-ink-3">{children}</span>;
}
