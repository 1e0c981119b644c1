import type { BuildView } from '@/lib/build/views';

/** How a build ran: of one here, or of one that was imported, which leads to nothing else here. */
export type RunView = Pick<
  BuildView,
  | 'id'
  | 'number'
  | 'state'
  | 'createdAt'
  | 'startedAt'
  | 'finishedAt'
  | 'attempt'
  | 'attempts'
  | 'steps'
  | 'failure'
  | 'dockerfile'
> & { spec: { name: string }; revision: { number: number } };
