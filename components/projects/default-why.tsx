import { TextLink } from '@/components/ui/link';
import {
  DEFAULT_FLYTEKIT_VERSION,
  DEFAULT_PYTHON_VERSION,
} from '@/lib/imagespec/defaults';
import type { DefaultImageSource } from '@/lib/imagespec/default-image';

/** Whose choice the default image is, in two words. */
export const DEFAULT_FROM: Record<DefaultImageSource, string> = {
  project: 'set here',
  team: 'the team’s',
  flytekit: 'flytekit’s own',
};

/** Which of the three it is, and why. */
export function DefaultWhy({
  from,
  flytekitVersion,
}: {
  from: DefaultImageSource;
  /** The one the team sets; `null` leaves Imageyard's. */
  flytekitVersion: string | null;
}) {
  const team = <TextLink href="/specs/defaults">the team&apos;s</TextLink>;
  switch (from) {
    case 'project':
      return (
        <>
          This project sets it. It comes before {team} default and
          flytekit&apos;s own.
        </>
      );
    case 'team':
      return <>This project sets none, so {team} default holds.</>;
    case 'flytekit':
      return (
        <>
          This project sets none and {team} defaults name none, so
          flytekit&apos;s own holds: of Python {DEFAULT_PYTHON_VERSION} and
          flytekit {flytekitVersion ?? DEFAULT_FLYTEKIT_VERSION}
          {flytekitVersion === null
            ? ', the newest Imageyard knows.'
            : ', the team’s.'}
        </>
      );
  }
}
