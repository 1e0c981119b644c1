import { route } from '@/lib/api';
import { getHelperImages } from '@/lib/services/settings';

export const GET = route((actor) => getHelperImages(actor));
