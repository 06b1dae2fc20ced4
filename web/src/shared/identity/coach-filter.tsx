import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.ts';
import { SelectField } from '../ui/select-field.tsx';
import { useUrlFilters } from '../ui/use-url-filters.ts';
import { coachesQuery } from './get-coaches.ts';
import { seesAllCoaches, useMe } from './get-me.ts';

/** Narrows to one coach; only there for an admin who acts as nobody. */
export function CoachFilter() {
  const me = useMe();
  return seesAllCoaches(me) ? <Coaches /> : null;
}

function Coaches() {
  const coaches = useQuery(coachesQuery(useApi()));
  const [params, set] = useUrlFilters();
  const chosen = params.get('coach') ?? '';
  const names = (coaches.data ?? []).map((coach) => ({ value: coach.id, text: coach.name }));
  const unlisted = chosen !== '' && !names.some((name) => name.value === chosen);
  const first = { value: '', text: coaches.isError ? 'All coaches (names not loaded)' : 'All coaches' };
  return (
    <SelectField
      label="Coach"
      value={chosen}
      onChange={(coach) => set({ coach })}
      options={[first, ...(unlisted ? [{ value: chosen, text: 'One coach' }] : []), ...names]}
    />
  );
}
