import { TaskSearch } from '@/lib/build/task-search';
import { parseQuery, route } from '@/lib/api';
import { listTasks } from '@/lib/services/task-views';

export const GET = route((actor, request) =>
  listTasks(actor, parseQuery(TaskSearch, request)),
);
