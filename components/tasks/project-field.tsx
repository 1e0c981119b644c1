'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  keepLastProject,
  useLastProject,
} from '@/components/tasks/last-project';
import { Field } from '@/components/ui/field';
import { SuggestInput } from '@/components/ui/suggest-input';
import type { ProjectNameView } from '@/lib/build/project-views';
import { DEFAULT_PROJECT, ProjectName } from '@/lib/imagespec/projects';
import { projectQueries } from '@/lib/queries/projects';

type ChosenProject = {
  name: string;
  /** What is wrong with the name. */
  fault: string | undefined;
  known: ProjectNameView | undefined;
  options: readonly string[];
  choose: (name: string) => void;
  /** Begins with it the next time. */
  keep: () => void;
};

/** The project an import goes into: the one asked for, else the last one, else `default` or the first there is. */
export function useChosenProject(askedId: string | undefined): ChosenProject {
  const { data: projects = [] } = useQuery(projectQueries.names);
  const last = useLastProject();
  const [typed, setTyped] = useState<string>();
  const options = projects.map(({ name }) => name);
  const asked = projects.find(({ id }) => id === askedId)?.name;
  // One that was renamed or deleted since is not made again.
  const kept = options.find((name) => name === last);
  const first = options.includes(DEFAULT_PROJECT) ? undefined : options[0];
  const name = typed ?? asked ?? kept ?? first ?? DEFAULT_PROJECT;
  const parsed = ProjectName.safeParse(name);
  return {
    name: parsed.data ?? name,
    fault: parsed.error?.issues[0]?.message,
    known: projects.find((project) => project.name === parsed.data),
    options,
    choose: setTyped,
    keep: () => keepLastProject(name.trim()),
  };
}

export function ProjectField({ chosen }: { chosen: ChosenProject }) {
  const { name, fault, known, options, choose } = chosen;
  return (
    <Field
      label="Project"
      error={fault}
      hint={
        known
          ? `Its tasks without an image get ${known.image ?? 'the team’s default, or flytekit’s own'}.`
          : 'There is none of that name yet: saving makes it.'
      }
    >
      <SuggestInput options={options} value={name} onChange={choose} />
    </Field>
  );
}
