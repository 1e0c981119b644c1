import { describe, expect, it } from 'vitest';
import {
  comparePackages,
  ImagePackages,
  MAX_PACKAGES,
  type PackageGroup,
  toImagePackages,
} from '@/lib/build/packages';

const python = (...packages: [string, string][]): PackageGroup => ({
  kind: 'python',
  place: '/opt/lib/python3.11/site-packages',
  packages,
});

describe('toImagePackages', () => {
  it('sorts by name, whatever its case, and leaves out empty groups', () => {
    const found = toImagePackages(
      [
        python(['b', '2'], ['C', '3'], ['a', '1']),
        { kind: 'conda', place: '/opt/conda-meta', packages: [] },
      ],
      null,
    );
    expect(found).toEqual({
      version: 1,
      groups: [python(['a', '1'], ['b', '2'], ['C', '3'])],
      missing: null,
    });
  });

  it('keeps what the server takes, and says that there was more', () => {
    const many = Array.from(
      { length: MAX_PACKAGES + 1 },
      (_, index): [string, string] => [`p${index}`, '1'.repeat(300)],
    );
    const found = toImagePackages([python(...many)], null);
    expect(ImagePackages.parse(found)).toEqual(found);
    expect(found.missing).toMatch(/first 10000/);
  });
});

describe('comparePackages', () => {
  it('tells what came, went and changed, wherever it lies', () => {
    const before = [python(['a', '1'], ['b', '1'], ['same', '3'])];
    const after = [
      {
        ...python(['a', '2'], ['c', '1'], ['same', '3']),
        place: '/opt/lib/python3.12/site-packages',
      },
    ];
    expect(comparePackages(before, after)).toEqual([
      { kind: 'python', name: 'a', before: ['1'], after: ['2'] },
      { kind: 'python', name: 'b', before: ['1'], after: [] },
      { kind: 'python', name: 'c', before: [], after: ['1'] },
    ]);
  });

  it('tells two managers of one name apart, and counts a version once', () => {
    const dpkg: PackageGroup = {
      kind: 'dpkg',
      place: '/var/lib/dpkg/status',
      packages: [['a', '1']],
    };
    expect(
      comparePackages([python(['a', '1'])], [python(['a', '1']), dpkg, dpkg]),
    ).toEqual([{ kind: 'dpkg', name: 'a', before: [], after: ['1'] }]);
  });
});
