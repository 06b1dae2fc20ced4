import type { RouteResource } from '../deployment.ts';

export interface RouteMatch {
  readonly route: RouteResource;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Compiled {
  readonly route: RouteResource;
  readonly method: string;
  /** The path as segments; undefined for `$default`. */
  readonly segments: readonly string[] | undefined;
}

function compile(route: RouteResource): Compiled {
  if (route.key === '$default') return { route, method: 'ANY', segments: undefined };
  const [method = '', path = ''] = route.key.split(' ');
  return { route, method, segments: path.split('/').slice(1) };
}

/** 0 for a fixed segment, 1 for a variable, 2 for a greedy one. */
const kindOf = (segment: string): 0 | 1 | 2 => {
  if (!segment.startsWith('{')) return 0;
  return segment.endsWith('+}') ? 2 : 1;
};

/**
 * API Gateway's order: a full match before a greedy variable, the most fixed segments first, a method before `ANY`,
 * `$default` last.
 */
function moreSpecific(left: Compiled, right: Compiled): number {
  if (left.segments === undefined || right.segments === undefined) {
    return Number(left.segments === undefined) - Number(right.segments === undefined);
  }
  const [a, b] = [left.segments.map(kindOf), right.segments.map(kindOf)];
  const byGreed = Number(a.includes(2)) - Number(b.includes(2));
  if (byGreed !== 0) return byGreed;
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 3) - (b[index] ?? 3);
    if (difference !== 0) return difference;
  }
  return Number(left.method === 'ANY') - Number(right.method === 'ANY');
}

function parametersOf(
  segments: readonly string[],
  path: readonly string[],
): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const name = segment.replaceAll(/[{}+]/g, '');
    switch (kindOf(segment)) {
      case 2: {
        const rest = path.slice(index);
        if (rest.length === 0 || rest[0] === '') return undefined;
        parameters[name] = rest.join('/');
        return parameters;
      }
      case 1: {
        const value = path[index];
        if (value === undefined || value === '') return undefined;
        parameters[name] = value;
        break;
      }
      case 0:
        if (path[index] !== segment) return undefined;
        break;
    }
  }
  return path.length === segments.length ? parameters : undefined;
}

/** Finds the route of a request as an HTTP API does; undefined when there is not even a `$default`. */
export function createRouteTable(
  routes: readonly RouteResource[],
): (method: string, path: string) => RouteMatch | undefined {
  const table = routes.map(compile).toSorted(moreSpecific);
  return (method, path) => {
    const segments = path.split('/').slice(1);
    for (const entry of table) {
      if (entry.method !== 'ANY' && entry.method !== method) continue;
      const pathParameters = entry.segments === undefined ? {} : parametersOf(entry.segments, segments);
      if (pathParameters !== undefined) return { route: entry.route, pathParameters };
    }
    return undefined;
  };
}
