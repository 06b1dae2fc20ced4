import * as z from 'zod';
import { hashOf, pick, randomFrom, type Random } from '#test/game-platform-simulator/random.ts';
import { TASK_TYPES } from '#shared/composition/tasks.ts';
import { ROUTES } from '#shared/http/routes.ts';
import { ACT_AS_HEADER, routeKeyOf, type Route } from '#shared/kernel/contract.ts';
import type { Sent } from './send.ts';
import { COACHES, type Role, type World } from './world.ts';
import {
  manyKeys,
  WORST_BODIES,
  WORST_FILES,
  WORST_HEADERS,
  WORST_SEGMENTS,
  worstJson,
  worstShortText,
  worstText,
  worstValue,
} from './worst.ts';

/** One request, made from the contract of its route: every second about as the route wants it, the others spoiled. */
export interface Shot {
  readonly index: number;
  readonly route: Route;
  readonly role: Role;
  /** Whose rights it is sent with; null: an admin's or nobody's. */
  readonly viewer: string | null;
  /** What was done to it, in words. */
  readonly how: string;
  readonly sent: Sent;
}

/** Each of them that often, over all routes. */
const TURNS: readonly Role[] = [
  'coach',
  'admin',
  'other',
  'acting',
  'coach',
  'admin',
  'nobody',
  'acting',
  'coach',
  'admin',
  'disabled',
];
/** So many requests reach every route in every role. */
export const ONE_ROUND = ROUTES.length * TURNS.length;

export interface InputSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly InputSchema[];
  readonly oneOf?: readonly InputSchema[];
  readonly allOf?: readonly InputSchema[];
  readonly properties?: Readonly<Record<string, InputSchema>>;
  readonly required?: readonly string[];
  readonly items?: InputSchema;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
}

/** JSON Schema has more shapes than are made here; what is not known is anything. */
export const inputSchema = (schema: z.ZodType): InputSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as InputSchema;

/** Makes what a route takes. */
class Maker {
  readonly #random: Random;
  readonly #world: World;
  readonly #coach: (typeof COACHES)[number];
  readonly #mark: string;

  constructor(random: Random, world: World, coach: (typeof COACHES)[number], mark: string) {
    this.#random = random;
    this.#world = world;
    this.#coach = coach;
    this.#mark = mark;
  }

  chance(share: number): boolean {
    return this.#random() < share;
  }

  pick<T>(list: readonly T[]): T {
    return pick(list, this.#random());
  }

  /** Now and then somebody else's. */
  id(kind: 'competitors' | 'teams' | 'jobs'): string {
    const owner = this.chance(0.12) ? this.pick(COACHES) : this.#coach;
    return this.pick(this.#world.records[owner][kind]);
  }

  /** A text by the name of its field; undefined: the name says nothing. */
  #named(name: string): unknown {
    if (/coachId$/i.test(name)) return this.chance(0.7) ? this.#coach : this.pick(COACHES);
    if (/competitorIds?$/i.test(name)) return this.id('competitors');
    if (/teamIds?$/i.test(name)) return this.id('teams');
    if (/jobIds?$/i.test(name)) return this.id('jobs');
    if (name === 'taskType' || name === 'type') return this.pick(TASK_TYPES);
    if (/email/i.test(name)) return `${this.#mark}${this.pick(['', '.a', '.b'])}@example.org`;
    if (/zone/i.test(name)) return 'America/Los_Angeles';
    if (name === 'expression') return this.pick(['rate(1 hour)', 'cron(15 3 * * ? *)']);
    if (/^(from|to|day|date)$|date$/i.test(name)) return this.#day();
    if (/^(until|runAt|at)$/.test(name)) return new Date(Date.now() + 86_400_000).toISOString();
    if (name === 'limit') return this.pick(['1', '3', '50', '200']);
    if (name === 'payload') {
      return this.pick([
        {},
        { competitorIds: [this.id('competitors')] },
        { coachId: this.#coach },
        { full: true },
      ]);
    }
    if (name === 'sync') return this.pick([{ batchSize: 40 }, { callsPerSecond: 6 }, { slaHours: 8 }, {}]);
    return undefined;
  }

  #day(): string {
    const days = Math.floor(this.#random() * 120);
    return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  }

  value(schema: InputSchema, name: string): unknown {
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return this.pick(schema.enum);
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices !== undefined) return this.value(this.pick(choices), name);
    if (schema.allOf?.[0] !== undefined) return this.value(schema.allOf[0], name);
    const type = Array.isArray(schema.type) ? this.pick<string>(schema.type) : schema.type;
    switch (type) {
      case 'null':
        return null;
      case 'boolean':
        return this.chance(0.5);
      case 'integer':
      case 'number': {
        const low = schema.minimum ?? 0;
        const high = Math.min(schema.maximum ?? low + 20, low + 20);
        return low + Math.floor(this.#random() * (high - low + 1));
      }
      case 'array':
        return Array.from({ length: 1 + Math.floor(this.#random() * 3) }, () =>
          this.value(schema.items ?? {}, name),
        );
      case 'object':
        return schema.properties === undefined ? (this.#named(name) ?? {}) : this.#object(schema);
      case 'string':
        return this.#named(name) ?? this.#text(schema);
      default:
        return this.#named(name) ?? this.#text({});
    }
  }

  #text({ format, minLength = 1 }: InputSchema): string {
    if (format === 'date') return this.#day();
    if (format === 'date-time') return new Date().toISOString();
    const plain = this.pick([`${this.#mark} Quill`, `O’Neil ${this.#mark}`, `${this.#mark}-Łukasz`]);
    return plain.padEnd(minLength, 'x');
  }

  #object({ properties = {}, required = [] }: InputSchema): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(properties)
        .filter(([name]) => required.includes(name) || (name !== 'cursor' && this.chance(0.6)))
        .map(([name, schema]) => [name, this.value(schema, name)]),
    );
  }

  spoiledText(): string {
    return worstText(this.#random);
  }
  /** Short enough for an address, which a server ends at 16 KB. */
  spoiledShortText(): string {
    return worstShortText(this.#random).slice(0, 1_200);
  }
  spoiledValue(): unknown {
    return worstValue(this.#random);
  }

  /** The value with one thing in it that is wrong. */
  spoil(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || this.chance(0.08)) return this.spoiledValue();
    if (Array.isArray(value)) {
      const at = Math.floor(this.#random() * value.length);
      return value.map((one: unknown, index) => (index === at ? this.spoil(one) : one));
    }
    const fields = Object.entries(value);
    const kind = this.#random();
    if (kind < 0.08 && fields.length > 0) return Object.fromEntries(fields.slice(1));
    if (kind < 0.14) return { ...value, [this.spoiledShortText()]: this.spoiledValue() };
    if (kind < 0.15) return { ...value, ...manyKeys(90_000) };
    const chosen = fields.length === 0 ? undefined : this.pick(fields);
    if (chosen === undefined) return { x: this.spoiledValue() };
    return { ...value, [chosen[0]]: this.spoil(chosen[1]) };
  }
}

const FILE = 'first_name,last_name,email,grade,media_release_date\n';

/** Of a route that takes a file: a few people, some of them there already. */
const fileOf = (maker: Maker, mark: string): string =>
  `${FILE}${mark},Quill,${mark}@example.org,9,2026-10-05\n${maker.chance(0.5) ? `Bad,${mark},x,99,\n` : ''}`;

/** The kind of record that a variable of a path stands for. */
function variableOf(route: Route, name: string, maker: Maker, world: World): string {
  if (name === 'competitorId') return maker.id('competitors');
  if (name === 'jobId' || route.path.startsWith('/api/admin/jobs/')) return maker.id('jobs');
  if (route.path.startsWith('/api/admin/coaches/')) return maker.pick(world.spareCoaches);
  if (name === 'name') return maker.pick(['roster', 'sync', 'work']);
  if (/\/competitors\/\{/.test(route.path)) return maker.id('competitors');
  if (/\/teams\/\{/.test(route.path)) return maker.id('teams');
  return 'none';
}

const idIn = (text: string): string => z.object({ id: z.string() }).parse(JSON.parse(text)).id;

/** Of a deletion: made for it, so that the others find what they are about. */
async function expendable(route: Route, world: World, role: Role, mark: string): Promise<string | undefined> {
  if (route.method !== 'DELETE' || !route.path.endsWith('{id}')) return undefined;
  const maker = role === 'other' ? 'other' : 'coach';
  const post = async (path: string, body: object): Promise<string> => {
    const headers = { 'content-type': 'application/json' };
    const sent = { method: 'POST', path, headers, body: Buffer.from(JSON.stringify(body)) };
    let answer = await world.call(sent, maker);
    if (answer.status === 429) {
      await world.forgetLimits();
      answer = await world.call(sent, maker);
    }
    if (answer.status !== 201) throw new Error(`Nothing to delete was made: ${answer.status} ${answer.text}`);
    return idIn(answer.text);
  };
  if (route.path.startsWith('/api/competitors/')) {
    return post('/api/competitors', { firstName: 'Juno', lastName: mark });
  }
  if (!route.path.startsWith('/api/teams/')) return undefined;
  return post('/api/teams', {
    name: `${mark} team`,
    affiliation: 'Old Mill School',
    division: 'high_school',
  });
}

/** Cursors that lists have given out, whoever was told. */
export type Cursors = string[];

/** The shot of this index: of the same world, seed and index always the same one. */
export async function makeShot(world: World, seed: number, index: number, cursors: Cursors): Promise<Shot> {
  const random = randomFrom(hashOf('fuzz', seed, index));
  const route: Route = pick(ROUTES, (index % ROUTES.length) / ROUTES.length);
  const role = pick(TURNS, (Math.floor(index / ROUTES.length) % TURNS.length) / TURNS.length);
  const mark = `fz${seed}x${index}`;
  const coach = role === 'other' ? COACHES[1] : COACHES[0];
  const maker = new Maker(random, world, coach, mark);
  const hows: string[] = [];
  const spoil = (how: string, share: number): boolean => {
    if (!spoiled || !maker.chance(share)) return false;
    hows.push(how);
    return true;
  };
  const spoiled = maker.chance(0.55);

  const own = await expendable(route, world, role, mark);
  const variables: Record<string, string> = {};
  for (const [, name = ''] of route.path.matchAll(/\{(\w+)\}/g)) {
    const plain = name === 'id' && own !== undefined ? own : variableOf(route, name, maker, world);
    variables[name] = spoil(`path ${name}`, 0.2) ? maker.pick(WORST_SEGMENTS) : plain;
  }
  let path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => variables[name] ?? 'none');

  const pairs: [string, string][] = [];
  for (const [name, schema] of Object.entries(route.query?.shape ?? {})) {
    if (!(schema instanceof z.ZodType)) continue;
    const cursor = name === 'cursor' && cursors.length > 0 && maker.chance(0.3);
    if (cursor) pairs.push([name, tampered(maker.pick(cursors), maker)]);
    else if (spoil(`query ${name}`, 0.25)) pairs.push([name, maker.spoiledShortText()]);
    else if (name === 'dryRun') pairs.push([name, 'true']);
    else if (name !== 'cursor' && maker.chance(name === 'coachId' && role !== 'admin' ? 0.15 : 0.45)) {
      pairs.push([name, String(maker.value(inputSchema(schema), name))]);
    }
  }
  if (spoil('unknown query', 0.08)) pairs.push([maker.spoiledShortText(), maker.spoiledShortText()]);
  if (pairs.length > 0 && spoil('query twice', 0.05)) pairs.push(maker.pick(pairs));
  const written = pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  if (spoil('bad query escape', 0.04)) written.push(maker.pick(['%', 'x=%zz', '%E0%A4%A=1', '&&&=', '=']));
  if (written.length > 0) path += `?${written.join('&')}`;

  const headers: Record<string, string> = {};
  let body: Buffer | undefined;
  if (route.file !== undefined) {
    headers['content-type'] = maker.pick(['text/csv', 'application/octet-stream']);
    body = spoil('file', 0.7) ? maker.pick(WORST_FILES)() : Buffer.from(fileOf(maker, mark));
  } else if (route.body !== undefined || (route.method !== 'GET' && spoil('unwanted body', 0.2))) {
    headers['content-type'] = 'application/json';
    const plain = route.body === undefined ? {} : maker.value(inputSchema(route.body), '');
    if (spoil('raw body', 0.2)) body = maker.pick(WORST_BODIES)();
    else {
      const value = spoil('body', 0.75) ? maker.spoil(plain) : plain;
      body = Buffer.from(worstJson(value));
    }
  }
  if (route.ifMatch === true || (route.path.includes('{') && maker.chance(0.2))) {
    headers['if-match'] = `"${await versionFor(route, variables, world)}"`;
  }
  if (route.method !== 'GET' && maker.chance(0.2)) headers['idempotency-key'] = mark;
  while (spoil('header', 0.3)) {
    const [name, value] = maker.pick(WORST_HEADERS);
    // Cut off at once, the rest would tell nothing.
    if (name === 'authorization' && !maker.chance(0.2)) continue;
    headers[name] = value;
  }
  return {
    index,
    route,
    role,
    viewer: viewerOf(role, headers[ACT_AS_HEADER]),
    how: hows.join(', ') || 'plain',
    sent: { method: route.method, path, headers, body },
  };
}

const COACH_OF: Readonly<Partial<Record<Role, string>>> = { coach: COACHES[0], other: COACHES[1] };

/** By role, and by the header that an admin acts with. */
function viewerOf(role: Role, actAs: string | undefined): string | null {
  if (role === 'admin') return COACHES.find((id) => id === actAs) ?? null;
  if (role === 'acting') return actAs === undefined ? COACHES[0] : (COACHES.find((id) => id === actAs) ?? '');
  return COACH_OF[role] ?? '';
}

/** As text of an address; halves of characters stay wrong. */
function encoded(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80';
}

function tampered(cursor: string, maker: Maker): string {
  const kind = maker.pick(['as it is', 'cut', 'letter', 'twice', 'other mac']);
  if (kind === 'cut') return cursor.slice(0, -3);
  if (kind === 'letter') return `${cursor.slice(0, 4)}A${cursor.slice(5)}`;
  if (kind === 'twice') return `${cursor}${cursor}`;
  return kind === 'other mac' ? `${Buffer.from('{}').toString('base64url')}.${'A'.repeat(22)}` : cursor;
}

async function versionFor(
  route: Route,
  { id = '' }: Readonly<Record<string, string>>,
  world: World,
): Promise<number> {
  if (routeKeyOf(route).endsWith('/settings')) return world.settingsVersion();
  return world.versionOf(route.path.includes('/teams/') ? 'team' : 'competitor', id.slice(0, 150));
}
