import { readsChangedFiles } from '@/worker/testing/changed-files';
import { realEngine } from '@/worker/testing/real-engine';

readsChangedFiles(() => realEngine().engine);
