import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ROUTES } from '#shared/http/routes.ts';
import { routeKeyOf, type Route } from '#shared/kernel/contract.ts';

/** The common rules of WAF refuse bodies over this. */
const FIREWALL_BYTES = 8_192;

interface JsonSchema {
  readonly type?: string;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
}

/** An id, a day or a time. */
const hasShape = ({ format, pattern }: JsonSchema): boolean => format !== undefined || pattern !== undefined;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The most bytes of ASCII that JSON of this schema has; infinite where the schema has no end. */
function mostBytes(schema: JsonSchema): number {
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return Math.max(...either.map(mostBytes));
  if (schema.const !== undefined) return JSON.stringify(schema.const).length;
  if (schema.enum !== undefined) return Math.max(...schema.enum.map((value) => JSON.stringify(value).length));
  if (schema.type === 'string') return 2 + (schema.maxLength ?? (hasShape(schema) ? 64 : Infinity));
  if (schema.type === 'array') return 2 + (schema.maxItems ?? Infinity) * (1 + mostBytes(schema.items ?? {}));
  if (schema.type === 'object') {
    if (typeof schema.additionalProperties === 'object') return Infinity;
    return (
      2 +
      sum(Object.entries(schema.properties ?? {}).map(([name, part]) => name.length + 4 + mostBytes(part)))
    );
  }
  return ['integer', 'number', 'boolean', 'null'].includes(schema.type ?? '') ? 24 : Infinity;
}

const bytesOf = ({ file, body }: Route): number => {
  if (file !== undefined) return Infinity;
  if (body === undefined) return 0;
  return mostBytes(z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) as JsonSchema);
};

/** Their schemas have no end, since each job type and each settings field has bounds of its own; they are far smaller. */
const OPEN = [
  'PATCH /api/admin/schedules/{name}',
  'PATCH /api/admin/settings',
  'POST /api/admin/jobs',
  'POST /api/admin/jobs/bulk',
  'POST /api/admin/jobs/estimate',
  'POST /api/admin/schedules',
  'POST /api/admin/schedules/preview',
  'POST /api/admin/settings/preview',
];

const routes: readonly Route[] = ROUTES;

describe('large bodies', () => {
  it('are said of exactly those routes whose bodies may be larger than the firewall lets through', () => {
    const large = routes.filter(
      (route) => !OPEN.includes(routeKeyOf(route)) && bytesOf(route) > FIREWALL_BYTES,
    );
    expect(routes.filter(({ largeBody }) => largeBody).map(routeKeyOf)).toEqual(large.map(routeKeyOf));
    expect(large.map(routeKeyOf)).toContain('POST /api/competitors/import');
  });

  it('are not those of routes whose schema has no end, each of which is known', () => {
    const endless = routes.filter(({ file, body }) => file === undefined && body !== undefined);
    expect(
      endless
        .filter((route) => bytesOf(route) === Infinity)
        .map(routeKeyOf)
        .toSorted(),
    ).toEqual(OPEN);
  });
});
