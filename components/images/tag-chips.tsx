import { Chip } from '@/components/ui/chip';

/** The first few tags of an image, and how many more there are. */
export function TagChips({
  tags,
  none = 'none',
  max = 3,
}: {
  tags: readonly string[];
  none?: string;
  max?: number;
}) {
  if (tags.length === 0) return <span className="text-ink-3">{none}</span>;
  return (
    <span className="flex max-w-72 flex-wrap gap-1">
      {tags.slice(0, max).map((tag) => (
        <Chip
          key={tag}
          look="hollow"
          isMono
          title={tag}
          className="max-w-44 truncate"
        >
          {tag}
        </Chip>
      ))}
      {tags.length > max && (
        <span className="text-ink-3">+{tags.length - max}</span>
      )}
    </span>
  );
}
