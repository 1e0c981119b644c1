import type { Metadata } from 'next';
import { cache } from 'react';
import { Hydrate } from '@/components/hydrate';
import { ImagePanel } from '@/components/images/image-panel';
import { ImageTasks } from '@/components/images/image-tasks';
import { shortDigest } from '@/components/ui/format';
import { pageActor } from '@/lib/auth';
import { readById } from '@/lib/page';
import { imageKeys } from '@/lib/queries/images';
import { getImage } from '@/lib/services/image-views';
import { tasksOfDigest } from '@/lib/services/task-views';

const readImage = cache((repositoryId: string, digest: string) =>
  readById(
    (actor, id) =>
      getImage(actor, {
        repositoryId: id,
        digest: decodeURIComponent(digest),
      }),
    repositoryId,
  ),
);

export async function generateMetadata({
  params,
}: PageProps<'/images/[repositoryId]/[digest]'>): Promise<Metadata> {
  const { repositoryId, digest } = await params;
  const image = await readImage(repositoryId, digest);
  const name = image.repository.split('/').slice(1).join('/');
  return { title: `${name} ${shortDigest(image.digest)}` };
}

export default async function ImagePage({
  params,
}: PageProps<'/images/[repositoryId]/[digest]'>) {
  const { repositoryId, digest } = await params;
  const image = await readImage(repositoryId, digest);
  const key = { repositoryId, digest: image.digest };
  const tasks = await tasksOfDigest(await pageActor(), key);
  return (
    <Hydrate seeds={[[imageKeys.detail(key.repositoryId, key.digest), image]]}>
      <ImagePanel {...key} tasks={<ImageTasks tasks={tasks} place={key} />} />
    </Hydrate>
  );
}
