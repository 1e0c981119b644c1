import { route } from '@/lib/api';
import { getOverview } from '@/lib/services/overview';

export const GET = route((actor) => getOverview(actor));
