import {
  Clock,
  Download,
  FoldVertical,
  Keyboard,
  Maximize2,
  Minimize2,
  UnfoldVertical,
  WrapText,
} from 'lucide-react';
import {
  type LogPreferences,
  TIMES,
} from '@/components/builds/log-preferences';
import { Button, ButtonLink } from '@/components/ui/button';
import { Menu, MenuChoice } from '@/components/ui/menu';

const TIME_WORDS: Record<LogPreferences['times'], string> = {
  relative: 'Since the first step',
  absolute: 'Of the day',
  none: 'None',
};

/** What can be done to a whole log, as buttons. */
export function LogToolbar({
  hasOpen,
  isFull,
  preferences: { times, isWrapped },
  downloadUrl,
  onPreferences,
  onFoldAll,
  onFull,
  onHelp,
}: {
  hasOpen: boolean;
  isFull: boolean;
  preferences: LogPreferences;
  downloadUrl: string;
  onPreferences: (change: Partial<LogPreferences>) => void;
  onFoldAll: () => void;
  onFull: () => void;
  onHelp: () => void;
}) {
  const fold = hasOpen ? 'Fold all' : 'Unfold all';
  const full = isFull ? 'Leave full screen' : 'Full screen';
  return (
    <div className="flex items-center gap-0.5">
      <Button
        variant="ghost"
        aria-label={fold}
        title={`${fold} (${hasOpen ? '[' : ']'})`}
        icon={
          hasOpen ? (
            <FoldVertical aria-hidden />
          ) : (
            <UnfoldVertical aria-hidden />
          )
        }
        onClick={onFoldAll}
      />
      <Menu
        trigger={
          <Button
            variant="ghost"
            aria-label="Times"
            title="Times (t)"
            className="max-sm:hidden"
            icon={<Clock aria-hidden />}
          />
        }
      >
        <MenuChoice
          label="Times"
          value={times}
          onChange={(next) => onPreferences({ times: next })}
          options={TIMES.map((value) => ({ value, label: TIME_WORDS[value] }))}
        />
      </Menu>
      <Button
        variant="ghost"
        aria-label="Wrap"
        aria-pressed={isWrapped}
        className="aria-pressed:bg-active aria-pressed:text-ink"
        title="Wrap long lines (w)"
        icon={<WrapText aria-hidden />}
        onClick={() => onPreferences({ isWrapped: !isWrapped })}
      />
      <ButtonLink
        href={downloadUrl}
        download
        prefetch={false}
        variant="ghost"
        aria-label="Download"
        title="Download the whole log"
        icon={<Download aria-hidden />}
      />
      <Button
        variant="ghost"
        aria-label={full}
        title={isFull ? `${full} (Esc)` : full}
        icon={isFull ? <Minimize2 aria-hidden /> : <Maximize2 aria-hidden />}
        onClick={onFull}
      />
      <Button
        variant="ghost"
        aria-label="Keys"
        title="Keys (?)"
        className="max-sm:hidden"
        icon={<Keyboard aria-hidden />}
        onClick={onHelp}
      />
    </div>
  );
}
