import { Check } from 'lucide-react';
import { BaseImages } from '@/components/builds/base-images';
import { BuildNumberLink } from '@/components/builds/build-number-link';
import { Card } from '@/components/ui/card';
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
  build: { repository, verifiedBy, bases, ask },
  digest,
}: {
  build: BuildView;
  digest: string;
}) {
  const argument = `container_image="${repository.name}@${digest}"`;
  return (
    <Card tone="good" icon={<Check aria-hidden />} title="Published">
      <KeyValues>
        <KeyValue label="Digest">
          <Digest value={digest} href={imageHref(repository.id, digest)} />
        </KeyValue>
        {ask.reused && (
          <KeyValue label="Made by">
            {ask.reused.by ? (
              <>
                <BuildNumberLink build={ask.reused.by} />, from the same
                definition on the same bases: it was there already, so nothing
                was built
              </>
            ) : (
              'Nobody here knows: it was in the registry already, and was taken as it is'
            )}
          </KeyValue>
        )}
        <KeyValue label="Checked">
          {verifiedBy === 'worker'
            ? 'Read back from the registry by digest, by the worker: this server cannot reach it'
            : 'Read back from the registry by digest, by this server'}
        </KeyValue>
        {bases.length > 0 && (
          <KeyValue label="Stood on">
            <BaseImages bases={bases} />
          </KeyValue>
        )}
      </KeyValues>
      <p className="mt-2 mb-1 text-ink-3">In a task, pinned to these bytes</p>
      <div className="flex items-start gap-2 rounded-md border bg-log py-1 pr-1 pl-3">
        <code className="min-w-0 flex-1 py-1 break-all">{argument}</code>
        <CopyButton text={argument} label="the container_image argument" />
      </div>
    </Card>
  );
}
