'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ProjectReading } from '@/components/specs/preview';
import type { SpecDraft } from '@/components/specs/spec-draft';
import { parseLines } from '@/lib/imagespec/form-lines';
import { archiveQueries } from '@/lib/queries/archives';

/** What the server reads of the uploaded project for this draft; `null` while it does, or without one. */
export function useProject(draft: SpecDraft): ProjectReading | null {
  const { archive, source_root: sourceRoot, source_copy_mode: mode } = draft;
  const copy = parseLines(draft.copy).map(({ text }) => text);
  const { data } = useQuery({
    ...archiveQueries.digests({ archive, copy, sourceRoot, mode }),
    enabled: archive !== '',
    placeholderData: keepPreviousData,
  });
  return useMemo(
    () => (archive === '' || !data ? null : data),
    [archive, data],
  );
}
