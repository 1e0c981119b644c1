import { DEFAULT_FLYTEKIT_VERSION, DEFAULT_PYTHON_VERSION } from './defaults';
import type { TeamDefaults } from './team-defaults';

/** Who says which image a task without one gets. */
export const DEFAULT_IMAGE_SOURCES = ['project', 'team', 'flytekit'] as const;
export type DefaultImageSource = (typeof DEFAULT_IMAGE_SOURCES)[number];

export type DefaultImageChoice = {
  reference: string;
  from: DefaultImageSource;
};

/**
 * The image a task without one gets: the project's, else the team's, else flytekit's own.
 *
 * @example chooseDefaultImage(null, { image: 'ghcr.io/acme/base:v1', flytekitVersion: null }).from // 'team'
 */
export function chooseDefaultImage(
  ofProject: string | null,
  { image, flytekitVersion }: Pick<TeamDefaults, 'image' | 'flytekitVersion'>,
): DefaultImageChoice {
  if (ofProject !== null) return { reference: ofProject, from: 'project' };
  if (image !== null) return { reference: image, from: 'team' };
  return { reference: flytekitDefaultImage(flytekitVersion), from: 'flytekit' };
}

/**
 * The image flytekit gives a task that names none and whose registration sets none. flytekit takes the Python it runs
 * on; here that is the Python of a spec that names none.
 */
export function flytekitDefaultImage(flytekitVersion: string | null): string {
  const [major, minor] = DEFAULT_PYTHON_VERSION.split('.');
  return `cr.flyte.org/flyteorg/flytekit:py${major}.${minor}-${flytekitVersion ?? DEFAULT_FLYTEKIT_VERSION}`;
}
