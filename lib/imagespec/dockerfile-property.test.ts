import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CA_EXPORTS, CA_MOUNT_FLAG } from './ca-certificates';
import { toDockerfile } from './dockerfile';
import { hasReference } from './dockerfile-quote';
import { SpecError } from './errors';
import { ImageSpec } from './schema';
import { canonical } from './testing/canonical-dockerfile';
import {
  type Instruction,
  readDirectives,
  readDockerfile,
  readEnv,
} from './testing/dockerfile-reader';
import { hostileSpec, hostileText, tamedSpec } from './testing/hostile-specs';
import {
  plannedInstructions,
  type Planned,
} from './testing/planned-instructions';

const SEED = 7;
const SAMPLE = Number(process.env.IMAGEYARD_SPEC_SAMPLE ?? 300);
/** So many of a sample have to be of a kind for the test to say something about it. */
const ENOUGH = SAMPLE * 0.16;
const BASE = `registry.example.com/base@sha256:${'0'.repeat(64)}`;

/** Every second entry of `copy` is a folder. */
function pathsOf(copy: readonly string[] = []): string[] {
  const paths = copy.map((entry, index) => {
    const path = clean(entry);
    return index % 2 === 0 ? path : `${path}/inside`;
  });
  return [...paths, 'src/main.py'];
}

function clean(entry: string): string {
  return entry
    .split('/')
    .filter((part) => !['', '.'].includes(part))
    .join('/');
}

/** Renders a spec and holds it to the plan. False when the spec is refused, which is fine too. */
function isPlanned(spec: ImageSpec, caCertificates: boolean): boolean {
  const files = Object.fromEntries(
    [spec.requirements ?? '', 'pyproject.toml', 'a/pyproject.toml'].map(
      (name) => [name, 'x\nRUN id\n'],
    ),
  );
  const base = spec.base_image;
  const helpers = new Map(spec.builder_config);
  let text: string;
  try {
    ({ text } = toDockerfile(spec, {
      files,
      caCertificates,
      treePaths: pathsOf(spec.copy),
      baseImage: BASE,
    }));
  } catch (error) {
    if (error instanceof SpecError) return false;
    throw error;
  }
  const plan: Planned = {
    spec,
    baseImage: typeof base === 'object' ? BASE : base || 'debian:bookworm-slim',
    uvImage: helpers.get('uv_image') ?? 'ghcr.io/astral-sh/uv:0.5.1',
    micromambaImage:
      helpers.get('micromamba_image') ??
      'mambaorg/micromamba:2.0.3-debian12-slim',
    pythonVersion:
      typeof spec.python_version === 'string' && spec.python_version !== ''
        ? spec.python_version
        : '3.12',
    isFolder: (entry) => (spec.copy ?? []).indexOf(entry) % 2 === 1,
  };
  const found = readDockerfile(text);
  expect(readDockerfile(text, { joinsTwoBackslashes: true })).toEqual(found);
  expect(readDirectives(text)).toEqual([]);
  const bare = found.map(withoutCa);
  const planned = plannedInstructions(plan);
  expect(
    bare.map((instruction, index) => {
      // What is a shell's line by design stays one, as it was written.
      const isLine =
        instruction.keyword === 'RUN' && planned[index]?.args.length === 1;
      const seen = canonical(instruction);
      return isLine ? { ...seen, args: [instruction.rest] } : seen;
    }),
  ).toEqual(planned);
  return true;
}

/** `ca-certificates.test.ts` says where they are. */
function withoutCa(instruction: Instruction): Instruction {
  const { flags, rest } = instruction;
  return {
    ...instruction,
    flags: flags.filter((flag) => flag !== CA_MOUNT_FLAG),
    rest: rest.startsWith(CA_EXPORTS)
      ? rest.slice(CA_EXPORTS.length).trimStart()
      : rest,
  };
}

describe('toDockerfile, whatever the fields are', () => {
  it('holds exactly the planned instructions, for what the rules let through', () => {
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(tamedSpec, fc.boolean(), (input, caCertificates) => {
        const spec = ImageSpec.parse(input);
        expect(isPlanned(spec, caCertificates)).toBe(true);
        for (const field of Object.keys(input)) {
          kinds.set(field, (kinds.get(field) ?? 0) + 1);
        }
      }),
      { numRuns: SAMPLE, seed: SEED },
    );
    expect(kinds.size).toBeGreaterThan(20);
    expect(Math.min(...kinds.values())).toBeGreaterThan(ENOUGH);
  });

  it('holds exactly the planned instructions, or is refused, for anything at all', () => {
    let built = 0;
    fc.assert(
      fc.property(hostileSpec, fc.boolean(), (input, caCertificates) => {
        const result = ImageSpec.safeParse(input);
        if (result.success && isPlanned(result.data, caCertificates))
          built += 1;
      }),
      { numRuns: SAMPLE, seed: SEED },
    );
    expect(built).toBeGreaterThan(ENOUGH);
  });

  it('sets every variable to what was written, references replaced', () => {
    let checked = 0;
    fc.assert(
      fc.property(hostileText, (value) => {
        const result = ImageSpec.safeParse({ env: [['A', value]] });
        if (!result.success) return;
        const { text } = toDockerfile(result.data);
        const env = readDockerfile(text).filter(
          ({ keyword }) => keyword === 'ENV',
        );
        const [pair] = readEnv(env[1]?.rest ?? '', (name) =>
          name === 'X' ? 'replaced' : '',
        );
        if (hasReference(value)) expect(pair?.[0]).toBe('A');
        else expect(pair).toEqual(['A', value.replaceAll('\\$', '$')]);
        checked += 1;
      }),
      { numRuns: 300, seed: SEED },
    );
    expect(checked).toBeGreaterThan(100);
  });
});
