import { CA_EXPORTS, CA_MOUNT_FLAG } from './ca-certificates';

/** What continues an instruction in the next line. */
export const CONTINUE = ' \\\n    ';

export const UV_MOUNTS = [
  '--mount=type=cache,sharing=shared,mode=0777,target=/root/.cache/uv,id=imageyard-uv',
  '--mount=from=uv,source=/uv,target=/usr/bin/uv',
];

/** A file of the context, under its own name in the working folder of the step. */
export function bindMount(file: string): string {
  return `--mount=type=bind,source=${file},target=${file}`;
}

/** One RUN whose steps all must succeed. */
export function run(mounts: string[], steps: string[], withCa: boolean) {
  const [first = '', ...rest] = steps;
  return instruction('RUN', [
    ...(withCa ? [CA_MOUNT_FLAG, ...mounts, CA_EXPORTS] : mounts),
    first,
    ...rest.map((step) => `&& ${step}`),
  ]);
}

export function instruction(keyword: string, lines: readonly string[]): string {
  return `${keyword} ${lines.join(CONTINUE)}`;
}
