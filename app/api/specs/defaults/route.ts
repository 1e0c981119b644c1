import { route } from '@/lib/api';
import { getDefaults } from '@/lib/services/settings';

export const GET = route((actor) => getDefaults(actor));
