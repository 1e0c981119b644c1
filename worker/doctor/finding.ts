import type { Finding } from '@/lib/build/doctor';
import type { ExamineRequest } from '@/lib/build/engine';

/** Makes the findings of one check about one thing. */
export const findingsOf =
  (check: Finding['check'], subject = '') =>
  (
    state: Finding['state'],
    code: string,
    facts: Finding['facts'] = {},
  ): Finding => ({ check, subject, state, code, facts });

type Registry = ExamineRequest['registries'][number];
const CONCURRENCY = 4;

/** What is found of each registry, four at a time, in the order in which they answer. */
export async function askEach(
  registries: readonly Registry[],
  ask: (registry: Registry) => Promise<Finding>,
): Promise<Finding[]> {
  const queue = [...registries];
  const findings: Finding[] = [];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift())
      findings.push(await ask(next));
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return findings;
}
