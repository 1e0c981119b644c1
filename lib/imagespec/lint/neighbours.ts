import type { ImageSpec } from '@/lib/imagespec/schema';

/** Another spec of the team, as the linter compares it. */
export type SpecNeighbourView = {
  specId: string;
  name: string;
  spec: ImageSpec;
};
