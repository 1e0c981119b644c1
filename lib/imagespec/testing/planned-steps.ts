import type { Canonical } from './canonical-dockerfile';
import { op } from './shell-reader';

export const VENV = '/root/.venv/bin';
export const AND = op('&&');
export const UV = [
  mount(
    'type=cache',
    'id=imageyard-uv',
    'mode=0777',
    'sharing=shared',
    'target=/root/.cache/uv',
  ),
  mount('type=bind', 'from=uv', 'source=/uv', 'target=/usr/bin/uv'),
];

export function one(keyword: string, arg: string): Canonical {
  return { keyword, flags: [], args: [arg] };
}

export function env(...args: string[]): Canonical {
  return { keyword: 'ENV', flags: [], args };
}

export function run(flags: string[], ...args: string[]): Canonical {
  return { keyword: 'RUN', flags, args };
}

export function file(name: string): string {
  return mount('type=bind', `source=${name}`, `target=${name}`);
}

export function mount(...options: string[]): string {
  return `--mount=${options.sort().join(',')}`;
}
