'use server';
import { action } from '@/lib/action';
import { ImageQuestion, RepositoryId } from '@/lib/registry/forms';
import * as access from '@/lib/services/access';
import * as tagRefresh from '@/lib/services/tag-refresh';

export const checkAccess = action(ImageQuestion, access.checkAccess);
export const requestTagRefresh = action(
  RepositoryId,
  tagRefresh.requestTagRefresh,
);
