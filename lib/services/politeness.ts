const AT_ONCE = 3;

type Host = { running: number; waiting: (() => void)[] };
const hosts = new Map<string, Host>();

/** Runs work against a registry, three pieces at once for each host and process; the rest wait in the order they came. */
export async function atHost<T>(
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const host = hosts.get(name) ?? { running: 0, waiting: [] };
  hosts.set(name, host);
  if (host.running >= AT_ONCE)
    await new Promise<void>((resolve) => host.waiting.push(resolve));
  else host.running += 1;
  try {
    return await work();
  } finally {
    const next = host.waiting.shift();
    // The place is handed on, so that nobody new slips in before who waits.
    if (next) next();
    else host.running -= 1;
    if (host.running === 0) hosts.delete(name);
  }
}

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
