import { LinkTabs } from '@/components/ui/tabs';

/** Tasks, and the projects they belong to. */
export function TaskTabs() {
  return (
    <div className="mb-4">
      <LinkTabs
        label="Tasks and projects"
        tabs={[
          { href: '/tasks', label: 'All tasks' },
          { href: '/tasks/projects', label: 'Projects' },
        ]}
      />
    </div>
  );
}
