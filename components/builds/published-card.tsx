import { Check } from 'lucide-react';
import { Card } from '@/components/ui/card';
import { CodeBlock } from '@/components/ui/code-block';
import { CopyButton } from '@/components/ui/copy-button';
import { Digest } from '@/components/ui/digest';
import { KeyValue, KeyValues } from '@/components/ui/facts';
import type { BuildView } from '@/lib/build/views';

/** The page of an image. */
export function imageHref(repositoryId: string, digest: string): string {
  return `/images/${repositoryId}/${digest}`;
}

/** What a build published and how a task names it. */
export function PublishedCard({
  build,
  digest,
}: {
  build: BuildView;
  digest: string;
}) {
  const { repository, tag, verifiedBy } = build;
  const name = `${repository.name}:${tag}`;
  return (
    <Card tone="good" icon={<Check aria-hidden />} title="Published">
      <KeyValues>
        <KeyValue label="Image">
          <span className="inline-flex max-w-full items-center gap-0.5">
            <code className="min-w-0 break-all">{name}</code>
            <CopyButton text={name} label="image name" />
          </span>
        </KeyValue>
        <KeyValue label="Digest">
          <Digest value={digest} href={imageHref(repository.id, digest)} />
        </KeyValue>
        <KeyValue label="Checked">
          {verifiedBy === 'worker'
            ? 'Read back from the registry by digest, by the worker: this server cannot reach it'
            : 'Read back from the registry by digest, by this server'}
        </KeyValue>
        <KeyValue label="In a task">
          <CodeBlock
            label="the container_image argument"
            text={`container_image="${repository.name}@${digest}"`}
          />
        </KeyValue>
      </KeyValues>
    </Card>
  );
}
