import { looksInside } from '@/worker/testing/looks-inside';
import { realEngine } from '@/worker/testing/real-engine';

looksInside(() => realEngine().engine, 'exact');
