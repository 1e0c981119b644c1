/** The tags a person may have meant: those that share the longest beginning, closest in length first. */
export function nearTags(
  wanted: string,
  tags: readonly string[],
  max = 5,
): string[] {
  const shared = (tag: string) => {
    let length = 0;
    while (length < tag.length && tag[length] === wanted[length]) length += 1;
    return length;
  };
  return tags
    .map((tag) => ({
      tag,
      score: shared(tag) * 100 - Math.abs(tag.length - wanted.length),
    }))
    .sort((one, other) => other.score - one.score)
    .slice(0, max)
    .map(({ tag }) => tag);
}
