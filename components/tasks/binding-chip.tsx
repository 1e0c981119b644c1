import { CircleHelp, House, Pin, Tag } from 'lucide-react';
import { Chip } from '@/components/ui/chip';
import type { ImageBinding } from '@/lib/build/task-views';

/** How a task holds its image. Solid for pinned, hollow for what may point elsewhere tomorrow. */
export function BindingChip({ binding }: { binding: ImageBinding }) {
  switch (binding) {
    case 'pinned':
      return (
        <Chip
          look="solid"
          icon={<Pin aria-hidden />}
          title="Pinned to a digest: it stays on this image whatever tags do."
        >
          pinned
        </Chip>
      );
    case 'floating':
      return (
        <Chip
          look="hollow"
          icon={<Tag aria-hidden />}
          title="Named by tag: it follows when the tag moves."
        >
          by tag
        </Chip>
      );
    case 'default':
      return (
        <Chip
          look="hollow"
          icon={<House aria-hidden />}
          title="The source names no image: it gets the project's default, the team's or flytekit's own, unless the registration names one."
        >
          default
        </Chip>
      );
    case 'local':
      return (
        <Chip
          look="hollow"
          tone="warn"
          icon={<House aria-hidden />}
          title="The name has no registry: the image stays on the machine that builds it."
        >
          no registry
        </Chip>
      );
    case 'unresolved':
      return (
        <Chip
          tone="warn"
          icon={<CircleHelp aria-hidden />}
          title="Only running the code would tell which image this is."
        >
          unresolved
        </Chip>
      );
  }
}
