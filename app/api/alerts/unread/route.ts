import { route } from '@/lib/api';
import { countUnread } from '@/lib/services/alerts';

export const GET = route((actor) => countUnread(actor));
