export * from '@/db/schema/auth';
export * from '@/db/schema/build';
export * from '@/db/schema/image';
export * from '@/db/schema/ops';
export * from '@/db/schema/registry';
export * from '@/db/schema/spec';
export * from '@/db/schema/task';
export * from '@/db/schema/worker';
