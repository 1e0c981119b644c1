import { describe, expect, it } from 'vitest';
import { chooseDefaultImage } from './default-image';

const OWN = 'ghcr.io/acme/ml:v1';
const TEAM = 'ghcr.io/acme/team:v2';

describe('chooseDefaultImage', () => {
  it.each([
    ['the project’s own', OWN, TEAM, null, OWN, 'project'],
    ['the project’s own without the team’s', OWN, null, null, OWN, 'project'],
    ['the team’s', null, TEAM, null, TEAM, 'team'],
    [
      'flytekit’s of the team’s flytekit',
      null,
      null,
      '1.15.4',
      'cr.flyte.org/flyteorg/flytekit:py3.12-1.15.4',
      'flytekit',
    ],
    [
      'flytekit’s of the newest flytekit known',
      null,
      null,
      null,
      'cr.flyte.org/flyteorg/flytekit:py3.12-1.16.31',
      'flytekit',
    ],
  ])('gives %s', (_, own, image, flytekitVersion, reference, from) => {
    expect(chooseDefaultImage(own, { image, flytekitVersion })).toEqual({
      reference,
      from,
    });
  });
});
