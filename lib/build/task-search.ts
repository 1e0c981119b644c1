import { z } from 'zod';

/** Where a page of tasks ended: the next begins after it. Of one name there may be a task in each project. */
export type TaskCursor = { name: string; id: string };
export type TaskFilter = { projectId?: string; after?: TaskCursor };

/** A filter as it stands in an address: `project`, and `after` with `afterId` for a later page. */
export const TaskSearch = z
  .object({
    project: z.uuid().optional(),
    after: z.string().max(1000).optional(),
    afterId: z.uuid().optional(),
  })
  .transform(({ project, after, afterId }): TaskFilter => ({
    ...(project === undefined ? {} : { projectId: project }),
    ...(after === undefined || afterId === undefined
      ? {}
      : { after: { name: after, id: afterId } }),
  }));

/**
 * The filter as a query string, with its question mark; empty for none.
 *
 * @example formatTaskSearch({ after: { name: 'etl.load', id: '…' } }) // '?after=etl.load&afterId=…'
 */
export function formatTaskSearch({ projectId, after }: TaskFilter): string {
  const search = new URLSearchParams({
    ...(projectId === undefined ? {} : { project: projectId }),
    ...(after === undefined ? {} : { after: after.name, afterId: after.id }),
  }).toString();
  return search === '' ? '' : `?${search}`;
}
