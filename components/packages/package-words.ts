import type { PackageKind } from '@/lib/build/packages';

export const PACKAGE_KIND_NAMES: Record<PackageKind, string> = {
  dpkg: 'Debian',
  apk: 'Alpine',
  python: 'Python',
  conda: 'conda',
};
