import { competitorRoutes } from '#shared/competitors/contract.ts';
import { counted } from '#shared/kernel/format.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { messageOf } from '#web/shared/api/api-error.ts';
import { writeRoute } from '#web/shared/api/call-route.ts';
import { matches } from '#web/shared/format/text.ts';
import { coachesQuery } from '#web/shared/identity/coaches.tsx';
import { askToAct, endAct, useActingAs } from '#web/shared/identity/acting.ts';
import { seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { useSignOut } from '#web/shared/identity/session.ts';
import { teamsQuery } from '#web/shared/roster/teams.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { useModal } from '#web/shared/ui/dialog.tsx';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import {
  CornerDownRight,
  LayoutGrid,
  type LucideIcon,
  Network,
  Search,
  UserCog,
  UserRound,
  X,
} from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { toggleTheme } from '../shell/user-menu.tsx';
import {
  coachEntries,
  type Entry,
  fixedEntries,
  found,
  grouped,
  MOST_OF_A_GROUP,
  personEntry,
  teamEntry,
} from './palette-entries.ts';
import { noteOpened, recentOf } from './recent.ts';
import './palette.css';

/** Typing pauses this long before people are asked for. */
const PAUSE_MS = 150;

const ICONS: Readonly<Record<Entry['kind'], LucideIcon>> = {
  person: UserRound,
  coach: UserCog,
  team: Network,
  page: LayoutGrid,
  action: CornerDownRight,
};

/** Search over people, teams and pages, and commands: a combobox that the arrow keys and Enter work. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const element = useRef<HTMLDialogElement>(null);
  const list = useId();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const { entries, searching, failed, open } = useEntries(typed, onClose);
  const groups = grouped(entries);
  const shown = groups.flatMap((group) => group.entries);
  const current = shown[Math.min(chosen, shown.length - 1)];
  const optionId = (entry: Entry) => `${list}-${entry.id}`;
  useModal(element);
  useEffect(() => {
    if (current !== undefined)
      document.getElementById(optionId(current))?.scrollIntoView({ block: 'nearest' });
  });
  const type = (text: string) => {
    setTyped(text);
    setChosen(0);
  };
  const move = (by: number) =>
    setChosen((Math.min(chosen, shown.length - 1) + by + shown.length) % shown.length);
  const nothing = shown.length === 0 && !searching && failed.length === 0;
  return (
    <dialog
      ref={element}
      className="palette"
      aria-label="Search or run a command"
      onCancel={(event) => {
        event.preventDefault();
        if (typed === '') onClose();
        else type('');
      }}
    >
      <div className="palette-field">
        <Search size={16} strokeWidth={1.75} aria-hidden />
        <input
          role="combobox"
          aria-label="Person, team, page or action"
          aria-expanded={shown.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={current && optionId(current)}
          placeholder="Person, team, page or action"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => type(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              // Or it would press the button that has the focus once this is closed.
              event.preventDefault();
              if (current !== undefined) open(current);
            }
            if (shown.length === 0 || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
            event.preventDefault();
            move(event.key === 'ArrowDown' ? 1 : -1);
          }}
        />
        <Button look="ghost" iconOnly small aria-label="Close" onClick={onClose}>
          <X size={16} aria-hidden />
        </Button>
      </div>
      <output className="sr-only">
        {nothing ? 'Nothing found' : typed.trim() !== '' && counted(shown.length, 'result')}
      </output>
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- A select shows no second line. */}
      <div className="palette-list" id={list} role="listbox" aria-label="Results">
        {groups.map(({ group, entries: some }) => (
          <fieldset key={group} aria-label={group}>
            <p aria-hidden>{group}</p>
            {some.map((entry) => (
              <Option
                key={entry.id}
                id={optionId(entry)}
                entry={entry}
                chosen={entry === current}
                onOpen={() => open(entry)}
              />
            ))}
          </fieldset>
        ))}
      </div>
      {failed.map(({ what, error, again }) => (
        <p key={what} className="palette-note" role="alert">
          {what} could not be searched. {messageOf(error)}{' '}
          <Button small onClick={again}>
            Try again
          </Button>
        </p>
      ))}
      {nothing && (
        <p className="palette-note">
          <b>
            Nothing found for “<bdi>{typed.trim()}</bdi>”
          </b>
          <span>Try the beginning of a name, a team or a page. Deactivated people are found, too.</span>
        </p>
      )}
      <p className="palette-keys" aria-hidden>
        <span>
          <kbd>↑ ↓</kbd> Choose
        </span>
        <span>
          <kbd>Enter</kbd> Open
        </span>
        <span>
          <kbd>Esc</kbd> Clear, then close
        </span>
      </p>
    </dialog>
  );
}

interface OptionProps {
  readonly id: string;
  readonly entry: Entry;
  readonly chosen: boolean;
  readonly onOpen: () => void;
}

function Option({ id, entry, chosen, onOpen }: OptionProps) {
  const Icon = ICONS[entry.kind];
  return (
    // The combobox has the focus and works the options by its own keys.
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus, jsx-a11y/click-events-have-key-events, jsx-a11y/prefer-tag-over-role
    <div id={id} role="option" aria-selected={chosen} onClick={onOpen}>
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      <span>
        <bdi className="name">{entry.title}</bdi>
        <span className="text-12 text-muted">{entry.detail}</span>
      </span>
    </div>
  );
}

/** What is offered for what was typed, and what choosing it does. */
function useEntries(typed: string, onClose: () => void) {
  const api = useApi();
  const me = useMe();
  const actingAs = useActingAs();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const allCoaches = seesAllCoaches(me);
  const caller = `${me.sub} ${actingAs ?? ''}`;
  const asked = useSettled(typed.trim());
  const coaches = useQuery({ ...coachesQuery(api), enabled: allCoaches });
  const teams = useQuery(teamsQuery(api, actingAs, null));
  const people = useQuery({
    queryKey: ['palette', actingAs, asked],
    queryFn: () =>
      writeRoute(api, competitorRoutes.searchCompetitors, { body: { q: asked, limit: MOST_OF_A_GROUP } }),
    enabled: asked !== '',
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

  const fixed = fixedEntries({ allCoaches, acting: me.actingAs !== null });
  const names = new Map(coaches.data?.map(({ id, name }) => [id, name]));
  const entries =
    typed.trim() === ''
      ? [...recentOf(caller), ...fixed]
      : [
          // Those of an earlier search only as long as they fit: Enter opens the first.
          ...(asked === '' ? [] : (people.data?.items ?? []))
            .map(personEntry)
            .filter(({ title }) => matches(typed, title)),
          ...[
            ...(coaches.data?.flatMap(coachEntries) ?? []),
            ...(teams.data?.teams.map((team) => teamEntry(team, names.get(team.coachId))) ?? []),
            ...fixed,
          ].filter((entry) => found(entry, typed)),
        ];

  const open = (entry: Entry) => {
    noteOpened(caller, entry);
    onClose();
    if (entry.to !== undefined) void navigate(entry.to);
    if (entry.coach !== undefined)
      askToAct({ coachId: entry.coach.id, name: entry.coach.name, continues: false });
    if (entry.command === 'stop-acting') void endAct(api, 'stopped');
    if (entry.command === 'switch-theme') toggleTheme();
    if (entry.command === 'sign-out') signOut();
  };
  const failed = [
    { what: 'People', read: people },
    { what: 'Teams', read: teams },
    { what: 'Coaches', read: coaches },
  ].flatMap(({ what, read }) =>
    read.isError && read.data === undefined
      ? [{ what, error: read.error, again: () => void read.refetch() }]
      : [],
  );
  const searching = asked !== typed.trim() || people.isFetching || teams.isLoading || coaches.isLoading;
  return { entries, searching, failed, open };
}

/** The value once it stayed the same for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
