'use client';
import { Monitor, Moon, Sun } from 'lucide-react';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
  useState,
} from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Menu, MenuChoice } from '@/components/ui/menu';
import { type Theme, THEME_COOKIE } from '@/components/shell/theme-cookie';

const YEAR_SECONDS = 365 * 24 * 60 * 60;
const ThemeContext = createContext<{
  theme: Theme;
  setTheme: (theme: Theme) => void;
}>({
  theme: 'system',
  setTheme: () => undefined,
});

const OPTIONS = [
  { value: 'system', label: 'System', icon: <Monitor aria-hidden /> },
  { value: 'light', label: 'Light', icon: <Sun aria-hidden /> },
  { value: 'dark', label: 'Dark', icon: <Moon aria-hidden /> },
] as const satisfies { value: Theme; label: string; icon: ReactNode }[];

/**
 * Keeps the theme in a cookie, so that the server draws the page in it and nothing flashes. `initial` is what the
 * server read.
 */
export function ThemeProvider({
  initial,
  children,
}: {
  initial: Theme;
  children: ReactNode;
}) {
  const [theme, setState] = useState(initial);
  const setTheme = useCallback((next: Theme) => {
    setState(next);
    document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
  }, []);
  const value = useMemo(() => ({ theme, setTheme }), [theme, setTheme]);
  return <ThemeContext value={value}>{children}</ThemeContext>;
}

/** The theme behind one icon, for the top bar. */
export function ThemeMenu() {
  const { theme, setTheme } = useContext(ThemeContext);
  const current =
    OPTIONS.find((option) => option.value === theme) ?? OPTIONS[0];
  return (
    <Menu
      trigger={
        <Button
          variant="ghost"
          icon={current.icon}
          aria-label={`Theme: ${current.label}`}
          title={`Theme: ${current.label}`}
        />
      }
    >
      <MenuChoice
        label="Theme"
        value={theme}
        onChange={setTheme}
        options={OPTIONS}
      />
    </Menu>
  );
}

/** The theme as three buttons side by side, for the account page. */
export function ThemeChoice() {
  const { theme, setTheme } = useContext(ThemeContext);
  return (
    <fieldset className="inline-flex gap-0.5 rounded-md border bg-sunken p-0.5">
      <legend className="sr-only">Theme</legend>
      {OPTIONS.map((option) => (
        <label
          key={option.value}
          className={cn(
            'flex h-6 items-center gap-1.5 rounded-sm border px-2 has-focus-visible:outline-2 has-focus-visible:outline-accent [&_svg]:size-3.5',
            theme === option.value
              ? 'border-line-strong bg-panel'
              : 'border-transparent text-ink-2 hover:text-ink',
          )}
        >
          <input
            type="radio"
            name="theme"
            value={option.value}
            checked={theme === option.value}
            onChange={() => setTheme(option.value)}
            className="sr-only"
          />
          {option.icon}
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
