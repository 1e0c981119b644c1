import {
  type Instruction,
  mountOptions,
  runFlags,
} from '@/lib/build/dockerfile-instructions';

/**
 * A Dockerfile without mounts, for an engine that has none: what a step mounts to read is copied before it, and that and
 * what lies in its caches is removed by a step behind it. The files of the image are the same; its layers are larger.
 */
export function withoutMounts(instructions: readonly Instruction[]): string {
  return instructions
    .flatMap((instruction) => {
      const mounts = instruction.flags.flatMap((flag) => {
        const options = mountOptions(flag);
        return options === null ? [] : [options];
      });
      if (instruction.keyword !== 'RUN' || mounts.length === 0)
        return [instruction.text];
      const bare = runFlags(instruction.text, (flags) =>
        flags.replace(/--mount=\S+(?:\s|\\\n)+/g, ''),
      );
      const caches = mounts.filter((mount) => mount.get('type') !== 'bind');
      return [
        ...mounts.flatMap(copyOf),
        ...(caches.length > 0
          ? [run(['mkdir', '-p', '--', ...caches.map(targetOf)])]
          : []),
        bare,
        run(['rm', '-rf', '--', ...mounts.map(targetOf)]),
      ];
    })
    .join('\n');
}

type Mount = ReadonlyMap<string, string>;

const first = (mount: Mount, ...names: string[]) =>
  names.map((name) => mount.get(name)).find((value) => value !== undefined) ??
  '';

/** Without a shell: what the Dockerfile makes of SHELL must not matter. */
const run = (words: readonly string[]) => `RUN ${JSON.stringify(words)}`;

const targetOf = (mount: Mount) => first(mount, 'target', 'dst', 'destination');

function copyOf(mount: Mount): string[] {
  if (mount.get('type') !== 'bind') return [];
  const from = mount.get('from');
  const source = first(mount, 'source', 'src') || (from ? '/' : '.');
  const flag = from === undefined ? '' : `--from=${from} `;
  return [`COPY ${flag}${JSON.stringify([source, targetOf(mount)])}`];
}
