import 'server-only';
import { version } from '@/package.json';

/** The release of this server; a worker of another one is pointed out. */
export const VERSION = version;
