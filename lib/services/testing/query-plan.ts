import { sql } from 'drizzle-orm';
import { db } from '@/db';

type Node = { 'Node Type': string; 'Relation Name'?: string; Plans?: Node[] };

const flatten = (node: Node): Node[] => [
  node,
  ...(node.Plans ?? []).flatMap(flatten),
];

/** The tables a query would read from end to end, as PostgreSQL plans it now. */
export async function wholeReads(query: {
  toSQL(): unknown;
}): Promise<string[]> {
  const result = await db().execute<{ 'QUERY PLAN': [{ Plan: Node }] }>(
    sql`explain (format json) ${query}`,
  );
  const plan = result.rows[0]?.['QUERY PLAN'][0].Plan;
  if (!plan) throw new Error('no plan');
  return flatten(plan).flatMap((node) =>
    node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? ''] : [],
  );
}
