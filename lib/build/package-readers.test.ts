import { describe, expect, it } from 'vitest';
import {
  readApkInstalled,
  readCondaMeta,
  readDpkgStatus,
  readPythonMetadata,
} from '@/lib/build/package-readers';

describe('readDpkgStatus', () => {
  it('gives what is installed, and not what left its settings only', () => {
    const text = [
      'Package: libc6',
      'Status: install ok installed',
      'Depends: libgcc-s1,',
      ' Version: not this one',
      'Version: 2.36-9+deb12u10',
      '',
      'Package: nano',
      'Status: deinstall ok config-files',
      'Version: 7.2-1',
      '',
      'Package: half',
      'Status: install ok half-installed',
      'Version: 1',
      '',
    ].join('\n');
    expect(readDpkgStatus(text)).toEqual([['libc6', '2.36-9+deb12u10']]);
  });

  it('takes a file of status.d, which has no status', () => {
    expect(readDpkgStatus('Package: tzdata\nVersion: 2024a-0\n')).toEqual([
      ['tzdata', '2024a-0'],
    ]);
  });
});

it('reads the packages of Alpine', () => {
  const text = 'C:Q1x\nP:musl\nV:1.2.5-r0\nA:x86_64\n\nP:zlib\nV:1.3.1-r2\n';
  expect(readApkInstalled(text)).toEqual([
    ['musl', '1.2.5-r0'],
    ['zlib', '1.3.1-r2'],
  ]);
});

describe('readPythonMetadata', () => {
  it('reads the head, and nothing of the description', () => {
    const text =
      'Metadata-Version: 2.1\nName: requests\nVersion: 2.32.3\nSummary: HTTP\n\nName: other\nVersion: 9\n';
    expect(readPythonMetadata(text)).toEqual(['requests', '2.32.3']);
  });

  it('knows lines of another system', () => {
    expect(readPythonMetadata('Name: a\r\nVersion: 1\r\n\r\ntext')).toEqual([
      'a',
      '1',
    ]);
  });

  it('says nothing of a file without a version', () => {
    expect(readPythonMetadata('Name: a\n\nVersion: 1')).toBeNull();
  });
});

describe('readCondaMeta', () => {
  it('gives the version with its build', () => {
    const text = '{"name":"python","version":"3.12.1","build":"h99_0","x":[]}';
    expect(readCondaMeta(text)).toEqual(['python', '3.12.1 (h99_0)']);
  });

  it.each(['', 'history', '{"name":"x"}'])('leaves out %j', (text) => {
    expect(readCondaMeta(text)).toBeNull();
  });
});
