import { route } from '@/lib/api';
import { listBases } from '@/lib/services/spec-bases';

export const GET = route((actor) => listBases(actor));
