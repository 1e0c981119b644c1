import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { DockerfileOptions } from '@/lib/imagespec/dockerfile';
import { type ImageSpec, parseImageSpec } from '@/lib/imagespec/schema';
import { treeOf } from './trees';

const TESTDATA = path.join(import.meta.dirname, '../testdata');

const Case = z.strictObject({
  spec: z.unknown(),
  options: z
    .strictObject({
      files: z.record(z.string(), z.string()).optional(),
      tree: z.record(z.string(), z.string()).transform(treeOf).optional(),
      treePaths: z.array(z.string()).nullable().optional(),
      baseImage: z.string().optional(),
      uvImage: z.string().optional(),
      micromambaImage: z.string().optional(),
      flytekitVersion: z.string().optional(),
      caCertificates: z.boolean().optional(),
    })
    .default({}),
});

export type GoldenSpec = {
  /** What it shows; the name of its folder. */
  name: string;
  folder: string;
  spec: ImageSpec;
  options: DockerfileOptions;
};

/** The specs whose Dockerfiles are kept in `testdata`. */
export function goldenSpecs(): GoldenSpec[] {
  return readdirSync(TESTDATA).flatMap((name) => {
    const folder = path.join(TESTDATA, name);
    const file = path.join(folder, 'spec.json');
    if (!existsSync(file)) return [];
    const { spec, options } = Case.parse(
      JSON.parse(readFileSync(file, 'utf8')),
    );
    return [{ name, folder, spec: parseImageSpec(spec), options }];
  });
}
