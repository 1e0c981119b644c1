import { route } from '@/lib/api';
import { listRegistries } from '@/lib/services/registry-views';

export const GET = route((actor) => listRegistries(actor));
