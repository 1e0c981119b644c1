import type { BuildInput, BuildOutcome } from '@/lib/build/engine';
import type { ImagePackages } from '@/lib/build/packages';
import type { Job } from '@/lib/build/protocol';
import { CA_BUNDLE_FILE, CA_FILES } from '@/lib/imagespec/ca-certificates';
import { DEFAULT_FLYTEKIT_VERSION } from '@/lib/imagespec/defaults';
import { parseImageSpec } from '@/lib/imagespec/schema';
import { specId } from '@/lib/imagespec/tag';
import type { ProjectTree } from '@/lib/imagespec/tree';
import { imageIn } from '@/e2e/support/test-env';
import { caBundle } from '@/worker/ca-bundle';
import { builtName } from '@/worker/engine-docker/local-images';
import { readPackages } from '@/worker/packages';
import { renderJob } from '@/worker/render';
import { runInContainer } from '@/worker/testing/containers';
import { jobFor, realEngine, Recording } from '@/worker/testing/real-engine';

/** What a build takes beside the fields; the test's own uv helper image is always used. */
export type Made = Partial<Pick<Job, 'files' | 'secrets' | 'baseImage'>> & {
  tree?: ProjectTree;
  micromambaImage?: string;
};

/** What became of a build: all that was printed, with the engine's words for each step that failed. */
export type Attempt = {
  job: Job;
  input: BuildInput;
  outcome: BuildOutcome;
  output: string;
};

export type BuiltSpec = Attempt & {
  /** The image's name on the engine. */
  image: string;
  /** Runs a line of bash in a container, as the image's user; gives what it printed. */
  run: (line: string) => Promise<string>;
  /** Reads a file of the image. */
  read: (path: string) => Promise<string>;
  /** Looks into it as a worker does. */
  packages: () => Promise<ImagePackages>;
  /** Pushes the image and names it by its digest. */
  pin: () => Promise<string>;
};

/** Builds specs as a worker does, from the job to the engine. `discard` takes all of it away. */
export function specBuilder() {
  const { docker, engine, base, env } = realEngine();
  const { plain } = env.registries;
  const uv = imageIn(plain, env.images.uv);
  const bundle = caBundle(env.caBundleFile);
  const signal = new AbortController().signal;
  const jobs: Job[] = [];

  async function start(input: BuildInput): Promise<Attempt> {
    const { job } = input;
    jobs.push(job);
    const recording = new Recording();
    const outcome = await engine.build(input, recording.emit, signal);
    const output = [
      recording.output('stdout'),
      recording.output('stderr'),
      ...recording.steps.map(({ error }) => error ?? ''),
    ].join('');
    return { job, input, outcome, output };
  }

  function attempt(fields: object, made: Made = {}): Promise<Attempt> {
    const spec = parseImageSpec({ base_image: base, ...fields });
    const job = jobFor(plain, {
      spec,
      specId: specId(spec),
      files: made.files ?? {},
      secrets: made.secrets ?? [],
      baseImage: made.baseImage ?? null,
      flytekitVersion: DEFAULT_FLYTEKIT_VERSION,
      helperImages: { uv, micromamba: made.micromambaImage ?? null },
    });
    return start(renderJob(job, made.tree ?? null, bundle));
  }

  async function build(fields: object, made?: Made): Promise<BuiltSpec> {
    return toBuilt(await attempt(fields, made));
  }

  /** An image that is no spec's: a stand-in for a helper, or one that makes files a test needs. */
  async function buildDockerfile(dockerfile: string): Promise<BuiltSpec> {
    const context = Object.entries({ ...CA_FILES, [CA_BUNDLE_FILE]: bundle });
    const files = context.map(([name, content]) => {
      const file = { bytes: Buffer.from(content), isExecutable: false };
      return [name, file] as const;
    });
    const job = jobFor(plain);
    return toBuilt(await start({ job, dockerfile, context: new Map(files) }));
  }

  function toBuilt(made: Attempt): BuiltSpec {
    const { job, input, outcome, output } = made;
    if (!outcome.ok) throw new Error(`${outcome.failure.message}\n${output}`);
    const image = builtName(job);
    const inContainer = async (line: string, reads?: string) => {
      const command = ['/bin/bash', '-c', line];
      const result = await runInContainer(docker, { image, command, reads });
      if (result.exitCode === 0) return result;
      throw new Error(`${line}\n${result.output}`);
    };
    return {
      ...made,
      image,
      run: async (line) => (await inContainer(line)).output.trimEnd(),
      read: async (path) => (await inContainer('true', path)).text,
      packages: async () => {
        const open = await engine.open(input, signal);
        try {
          return await readPackages(open, signal);
        } finally {
          await open.close();
        }
      },
      pin: async () => {
        const pushed = await engine.push(input, () => {}, signal);
        if (!pushed.ok) throw new Error(pushed.failure.message);
        const { host, repository } = job.target;
        return `${host}/${repository}@${pushed.digest}`;
      },
    };
  }

  async function discard(): Promise<void> {
    for (const job of jobs.splice(0)) await engine.discard(job);
  }

  return { docker, base, uv, build, attempt, buildDockerfile, discard };
}
