import type { Fault } from './faults.ts';

/** Good answers turned odd. What comes in is never changed: the model shares its records between answers. */

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The body with every fault of content in effect. */
export function spoil(body: unknown, faults: readonly Fault[]): unknown {
  return faults.reduce((answer, fault) => {
    switch (fault.kind) {
      case 'emptyLists':
        return emptied(answer);
      case 'shortAssignments':
        return shortened(answer, fault.share);
      case 'malformedRecords':
        return withOddSolves(answer, fault.how, fault.count);
      case 'duplicateRecords':
        return withLists(answer, (list) => list.flatMap((record) => [record, record]));
      case 'reordered':
        return withLists(answer, outOfOrder);
      case 'unknownFields':
        return withUnknownFields(answer);
      case 'unknownValues':
        return withUnknownValues(answer);
      default:
        return answer;
    }
  }, body);
}

function emptied(body: unknown): unknown {
  if (!isObject(body)) {
    return body;
  }
  const counts = new Set(['total_count', 'total_challenges_solved', 'total_points']);
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      if (Array.isArray(value)) {
        return [name, []];
      }
      return [name, name === 'category_points' ? {} : counts.has(name) ? 0 : value];
    }),
  );
}

function shortened(body: unknown, share: number): unknown {
  if (!isObject(body) || !Array.isArray(body['assignments'])) {
    return body;
  }
  const assignments: unknown[] = body['assignments'];
  return { ...body, assignments: assignments.slice(0, Math.floor(assignments.length * (1 - share))) };
}

/** The answer with its lists of records changed; events stay as they are, their solves do not. */
function withLists(value: unknown, change: (list: readonly unknown[]) => readonly unknown[]): unknown {
  if (!isObject(value)) {
    return value;
  }
  const records = new Set(['challenge_solves', 'assignments']);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (!Array.isArray(inner)) {
        return [name, inner];
      }
      return [name, records.has(name) ? change(inner) : inner.map((one) => withLists(one, change))];
    }),
  );
}

function outOfOrder(list: readonly unknown[]): readonly unknown[] {
  const middle = Math.ceil(list.length / 2);
  return [...list.slice(middle).toReversed(), ...list.slice(0, middle).toReversed()];
}

function withOddSolves(
  body: unknown,
  how: Extract<Fault, { kind: 'malformedRecords' }>['how'],
  count: number,
): unknown {
  let left = count;
  const oddSolve = (solve: unknown): unknown => {
    if (!isObject(solve) || left === 0) {
      return solve;
    }
    left -= 1;
    switch (how) {
      case 'negative_points':
        return { ...solve, challenge_points: -100 };
      case 'missing_time':
        return Object.fromEntries(Object.entries(solve).filter(([name]) => name !== 'timestamp_unix'));
      case 'markup_title':
        return { ...solve, challenge_title: '<img src=x onerror=alert(1)><b>Bold</b> & "quoted"' };
      case 'text_points':
        return { ...solve, challenge_points: 'one hundred' };
      default:
        return null;
    }
  };
  const inside = (value: unknown): unknown => {
    if (!isObject(value)) {
      return value;
    }
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => {
        if (!Array.isArray(inner)) {
          return [name, inner];
        }
        return [name, inner.map(name === 'challenge_solves' ? oddSolve : inside)];
      }),
    );
  };
  return inside(body);
}

/** An unknown field in every object but `category_points`, which is a map and has no fields. */
function withUnknownFields(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withUnknownFields);
  }
  if (!isObject(value)) {
    return value;
  }
  const inner = Object.entries(value).map(([name, field]) => [
    name,
    name === 'category_points' ? field : withUnknownFields(field),
  ]);
  return { ...Object.fromEntries(inner), season_badge: { tier: 'gold', since: '2026-09' } };
}

function withUnknownValues(value: unknown): unknown {
  if (!isObject(value)) {
    return value;
  }
  return {
    ...value,
    ...('metactf_user_status' in value && { metactf_user_status: 'awaiting_guardian' }),
    ...('division' in value && { division: 'open' }),
  };
}
