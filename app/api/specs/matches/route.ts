import { route } from '@/lib/api';
import { matchSpecs } from '@/lib/services/spec-views';

const MAX_NAMES = 200;

export const GET = route((actor, request) =>
  matchSpecs(
    actor,
    new URL(request.url).searchParams.getAll('name').slice(0, MAX_NAMES),
  ),
);
