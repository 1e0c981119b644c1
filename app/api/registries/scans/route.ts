import { route } from '@/lib/api';
import { listScans } from '@/lib/services/registry-scans';

export const GET = route(listScans);
