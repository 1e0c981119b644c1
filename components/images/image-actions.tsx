'use client';
import { Copy, Tag, Trash2 } from 'lucide-react';
import { CopyDialog } from '@/components/images/copy-dialog';
import { DeleteImageDialog } from '@/components/images/delete-image-dialog';
import { RetagDialog } from '@/components/images/retag-dialog';
import { Button } from '@/components/ui/button';
import type { ImageView } from '@/lib/registry/views';

/** What can be done to an image that is there. */
export function ImageActions({ image }: { image: ImageView }) {
  const { repositoryId, digest, repository, tags } = image;
  const key = { repositoryId, digest };
  // Below another registry's place the last part of the name is the one that means something.
  const path = repository.split('/').at(-1) ?? '';
  const parts = new Set(image.parts.map((part) => part.digest));
  const referrers = image.referrers.filter(
    (one) => one.isThere && !parts.has(one.digest),
  );
  if (image.goneAt !== null) return null;
  return (
    <>
      <CopyDialog
        {...key}
        path={path}
        tags={tags}
        referrerCount={referrers.length}
        trigger={<Button icon={<Copy aria-hidden />}>Copy</Button>}
      />
      <RetagDialog
        {...key}
        trigger={<Button icon={<Tag aria-hidden />}>Tag</Button>}
      />
      <DeleteImageDialog
        {...key}
        trigger={
          <Button variant="danger" icon={<Trash2 aria-hidden />}>
            Delete
          </Button>
        }
      />
    </>
  );
}
