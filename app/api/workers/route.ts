import { route } from '@/lib/api';
import { listWorkers } from '@/lib/services/workers';

export const GET = route((actor) => listWorkers(actor));
