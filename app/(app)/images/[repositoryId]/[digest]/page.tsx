import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { ImagePanel } from '@/components/images/image-panel';
import { ImageTasks } from '@/components/images/image-tasks';
import { pageActor } from '@/lib/auth';
import { orNotFound, pageId } from '@/lib/page';
import { imageKeys } from '@/lib/queries/images';
import { getImage } from '@/lib/services/image-views';
import { tasksOfDigest } from '@/lib/services/task-views';

export const metadata: Metadata = { title: 'Image' };

export default async function ImagePage({
  params,
}: PageProps<'/images/[repositoryId]/[digest]'>) {
  const raw = await params;
  const key = {
    repositoryId: pageId(raw.repositoryId),
    digest: decodeURIComponent(raw.digest),
  };
  const actor = await pageActor();
  const image = await orNotFound(getImage(actor, key));
  const tasks = await tasksOfDigest(actor, key);
  return (
    <Hydrate seeds={[[imageKeys.detail(key.repositoryId, key.digest), image]]}>
      <ImagePanel {...key} tasks={<ImageTasks tasks={tasks} place={key} />} />
    </Hydrate>
  );
}
