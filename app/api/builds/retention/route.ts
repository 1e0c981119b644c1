import { route } from '@/lib/api';
import { getLogUsage } from '@/lib/services/log-keeping';

export const GET = route((actor) => getLogUsage(actor));
