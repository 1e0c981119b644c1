'use client';
import { useQuery } from '@tanstack/react-query';
import { imageHref } from '@/components/builds/published-card';
import { DefinitionFields } from '@/components/specs/definition-fields';
import { askedOf, readPreview } from '@/components/specs/preview';
import {
  DockerfileCard,
  ImageReference,
  NotesCard,
} from '@/components/specs/preview-cards';
import { SpecLimits } from '@/components/specs/spec-limits';
import { Card, Columns } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { Digest } from '@/components/ui/digest';
import { Fact, Facts } from '@/components/ui/facts';
import { TextLink } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import { SpecLabels } from '@/components/workers/spec-labels';
import type { SpecView } from '@/lib/build/spec-views';
import type { RevisionView } from '@/lib/imagespec/views';
import { specQueries } from '@/lib/queries/specs';

const NO_HELPERS = { uv: null, micromamba: null };

/** What is saved now, and the newest image of it. */
export function SpecDefinition({ specId }: { specId: string }) {
  const { data: spec } = useQuery(specQueries.detail(specId));
  if (!spec) return null;
  return (
    <div className="grid gap-4">
      <Target spec={spec} />
      <Facts>
        <Fact label="Registry">
          {spec.registry ? (
            <TextLink href={`/registries/${spec.registry.id}`}>
              {spec.registry.name}
            </TextLink>
          ) : (
            <span className="text-ink-3">none</span>
          )}
        </Fact>
        <Fact label="Newest image">
          <NewestImage spec={spec} />
        </Fact>
        <Fact label={`Revision ${spec.revision.number} saved`}>
          <Time at={spec.revision.createdAt} />
          {spec.revision.author && ` by ${spec.revision.author}`}
        </Fact>
        <Fact label="Built by">
          <SpecLabels spec={spec} />
        </Fact>
        <Fact label="May take">
          <SpecLimits spec={spec} />
        </Fact>
        <Fact label="From">
          {spec.revision.origin === 'python' ? 'a Python file' : 'the form'}
        </Fact>
      </Facts>
      <RevisionBody revision={spec.revision} />
    </div>
  );
}

/** A revision's fields beside its Dockerfile. */
export function RevisionBody({ revision }: { revision: RevisionView }) {
  const { data: helpers = NO_HELPERS } = useQuery(specQueries.helperImages);
  const reading = readPreview(askedOf(revision), helpers);
  return (
    <Columns>
      <div className="grid min-w-0 gap-4">
        <ImageCard revision={revision} />
        <Card title="Fields">
          <DefinitionFields revision={revision} />
        </Card>
        {reading.ok && <NotesCard notes={reading.preview.notes} />}
      </div>
      {reading.ok ? (
        <DockerfileCard text={reading.preview.dockerfile}>
          {(helpers.uv ?? helpers.micromamba) !== null && (
            <p>
              The{' '}
              <TextLink href="/specs/defaults">
                team&apos;s helper images
              </TextLink>{' '}
              are in it.
            </p>
          )}
        </DockerfileCard>
      ) : (
        <Notice tone="warn" title="There is no Dockerfile for this revision.">
          {Object.values(reading.errors).join(' ')}
        </Notice>
      )}
    </Columns>
  );
}

/** The image reference, and the line that names it in a task. */
function ImageCard({ revision }: { revision: RevisionView }) {
  const reference = `${revision.imageName}:${revision.tag}`;
  const argument = `container_image="${reference}"`;
  return (
    <Card title="Image">
      <div className="grid gap-2">
        <div className="flex items-start gap-2">
          <span className="min-w-0 flex-1">
            <ImageReference name={revision.imageName} tag={revision.tag} />
          </span>
          <CopyButton text={reference} label="image reference" />
        </div>
        <div className="flex items-start gap-2 border-t pt-2">
          <code className="min-w-0 flex-1 break-all text-ink-2">
            {argument}
          </code>
          <CopyButton text={argument} label="container_image argument" />
        </div>
      </div>
    </Card>
  );
}

function NewestImage({ spec }: { spec: SpecView }) {
  const { published } = spec;
  if (!published) return <span className="text-ink-3">none published yet</span>;
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <Digest
        value={published.digest}
        href={imageHref(published.repositoryId, published.digest)}
        hasCopy={false}
      />
      <span className="text-ink-2">
        by{' '}
        <TextLink href={`/builds/${published.build.id}`}>
          #{published.build.number}
        </TextLink>
        {published.revision < spec.revision.number &&
          `, of revision ${published.revision}`}
      </span>
    </span>
  );
}

/** Why it cannot be built, and what to do about it. */
function Target({ spec }: { spec: SpecView }) {
  const written = spec.revision.fields.registry ?? '';
  if (spec.archivedAt) return null;
  if (spec.registry?.isArchived)
    return (
      <Notice
        tone="warn"
        title={`The registry ${spec.registry.name} is archived.`}
      >
        <TextLink href={`/specs/${spec.id}/edit`}>Choose another</TextLink> to
        build this spec.
      </Notice>
    );
  if (spec.registry) return null;
  return written === '' ? (
    <Notice tone="warn" title="This spec names no registry.">
      Its image has nowhere to go.{' '}
      <TextLink href={`/specs/${spec.id}/edit`}>Choose one</TextLink> to build
      it.
    </Notice>
  ) : (
    <Notice tone="warn" title={`No registry here covers ${written}.`}>
      <TextLink href="/registries/new">Add it</TextLink> to build this spec, or{' '}
      <TextLink href={`/specs/${spec.id}/edit`}>choose another</TextLink>.
    </Notice>
  );
}
