import { route } from '@/lib/api';
import { listFormattedTags } from '@/lib/services/spec-neighbours';

export const GET = route((actor) => listFormattedTags(actor));
