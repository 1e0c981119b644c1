/** As many as the gate lets ask one host at once. */
const AT_ONCE = 3;

/** Does the same to each item, a few at once, in order. The first failure stops what has not begun, and is thrown. */
export async function inLanes<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const failures: unknown[] = [];
  const lane = async () => {
    for (
      let item = queue.shift();
      item !== undefined && failures.length === 0;
      item = queue.shift()
    )
      await work(item).catch((error: unknown) => void failures.push(error));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  if (failures.length > 0) throw failures[0];
}
