import { route } from '@/lib/api';
import { getTeamLimits } from '@/lib/services/settings';

export const GET = route((actor) => getTeamLimits(actor));
