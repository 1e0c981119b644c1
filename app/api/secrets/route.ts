import { route } from '@/lib/api';
import { listSecrets } from '@/lib/services/build-secrets';

export const GET = route((actor) => listSecrets(actor));
