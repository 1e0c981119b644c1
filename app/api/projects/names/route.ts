import { route } from '@/lib/api';
import { listProjectNames } from '@/lib/services/project-views';

export const GET = route((actor) => listProjectNames(actor));
