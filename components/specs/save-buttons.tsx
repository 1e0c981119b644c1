'use client';
import { Hammer, Save } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';

/** Saving, by Ctrl S too, and saving with a build. */
export function SaveButtons({
  isSubmitting,
  onPress,
  hasRevisions,
}: {
  isSubmitting: boolean;
  onPress: (pressed: 'save' | 'build') => void;
  hasRevisions: boolean;
}) {
  const save = useRef<HTMLButtonElement>(null);
  const [pressed, setPressed] = useState<'save' | 'build'>('save');
  const press = (name: 'save' | 'build') => {
    onPress(name);
    setPressed(name);
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 's' || event.altKey || event.shiftKey)
        return;
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      if (!event.repeat) save.current?.click();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <Button
        ref={save}
        type="submit"
        icon={<Save aria-hidden />}
        title="Ctrl S"
        isPending={isSubmitting && pressed === 'save'}
        disabledReason={
          isSubmitting && pressed === 'build' && 'It is being saved.'
        }
        onClick={() => press('save')}
      >
        {hasRevisions ? 'Save revision' : 'Save'}
      </Button>
      <Button
        type="submit"
        variant="primary"
        icon={<Hammer aria-hidden />}
        isPending={isSubmitting && pressed === 'build'}
        disabledReason={
          isSubmitting && pressed === 'save' && 'It is being saved.'
        }
        onClick={() => press('build')}
      >
        Save and build
      </Button>
    </>
  );
}
