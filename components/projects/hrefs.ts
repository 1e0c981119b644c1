/** The page that imports into a project, or into the one used last. */
export function importHref(projectId?: string): string {
  return projectId === undefined
    ? '/tasks/import'
    : `/tasks/import?project=${projectId}`;
}
