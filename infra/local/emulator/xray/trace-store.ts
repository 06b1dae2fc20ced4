import type { Annotations, SegmentDocument, Subsegment } from './segment.ts';

/** A piece of work within a trace, with what it consists of in the order of time. */
export interface Span {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Undefined while it runs. */
  readonly ms: number | undefined;
  readonly annotations: Annotations;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** What the SDK tells of a call and of an error by itself. */
  readonly details?: { readonly aws?: unknown; readonly http?: unknown; readonly cause?: unknown };
  /** The caller's fault, the service's own, or too many calls: as X-Ray tells them apart. */
  readonly problem: 'error' | 'fault' | 'throttle' | undefined;
  readonly children: readonly Span[];
}

export interface Trace {
  readonly id: string;
  /** Traces of the messages that an invocation received. */
  readonly links: readonly string[];
  /** One for each invocation; more only when a parent never came. */
  readonly roots: readonly Span[];
}

export interface TraceFilter {
  readonly id?: string;
  /** Name of a span anywhere in the trace. */
  readonly name?: string;
  /** Some span of the trace has all of these. */
  readonly annotation?: Annotations;
}

type SpanRecord = Subsegment & { readonly parentId: string | undefined };
interface TraceRecord {
  readonly links: Set<string>;
  /** By id: the end of a span replaces its beginning. */
  readonly spans: Map<string, SpanRecord>;
}

const KEPT_TRACES = 500;
/** X-Ray's own limit is one of size; some 64 KB of documents. */
const KEPT_SPANS = 2_000;

/** The last traces, each put together from documents that come one by one and in any order. */
export class TraceStore {
  readonly #traces = new Map<string, TraceRecord>();

  add(document: SegmentDocument, links: readonly string[] = []): void {
    const trace = this.#traceOf(document.trace_id);
    for (const link of links) trace.links.add(link);
    keep(trace, document, document.parent_id);
  }

  /** Oldest first. */
  all(): readonly Trace[] {
    return [...this.#traces].map(([id, record]) => assemble(id, record));
  }

  where(filter: TraceFilter): readonly Trace[] {
    return this.all().filter(
      ({ id, roots }) =>
        (filter.id === undefined || id === filter.id) &&
        (filter.name === undefined || some(roots, ({ name }) => name === filter.name)) &&
        (filter.annotation === undefined || some(roots, (span) => hasAll(span, filter.annotation ?? {}))),
    );
  }

  find(id: string): Trace | undefined {
    const record = this.#traces.get(id);
    return record === undefined ? undefined : assemble(id, record);
  }

  #traceOf(id: string): TraceRecord {
    const known = this.#traces.get(id);
    if (known !== undefined) return known;
    const added: TraceRecord = { links: new Set(), spans: new Map() };
    this.#traces.set(id, added);
    const [oldest] = this.#traces.keys();
    if (this.#traces.size > KEPT_TRACES && oldest !== undefined) this.#traces.delete(oldest);
    return added;
  }
}

function keep(trace: TraceRecord, span: Subsegment, parentId: string | undefined): void {
  const { subsegments = [], ...own } = span;
  const known = trace.spans.get(span.id);
  // Packets may overtake each other: an end stays.
  const ended = known?.end_time !== undefined && span.end_time === undefined;
  if (!ended && (known !== undefined || trace.spans.size < KEPT_SPANS)) {
    trace.spans.set(span.id, { ...own, parentId });
  }
  for (const subsegment of subsegments) keep(trace, subsegment, span.id);
}

function assemble(id: string, { links, spans }: TraceRecord): Trace {
  const known = [...spans.values()].toSorted((a, b) => a.start_time - b.start_time);
  const byParent = Map.groupBy(known, ({ id: own, parentId }) =>
    parentId !== undefined && parentId !== own && spans.has(parentId) ? parentId : undefined,
  );
  const toSpan = (record: SpanRecord): Span => ({
    id: record.id,
    name: record.name,
    startedAt: record.start_time * 1_000,
    ms: record.end_time === undefined ? undefined : milliseconds(record.end_time - record.start_time),
    annotations: record.annotations ?? {},
    metadata: record.metadata ?? {},
    ...detailsOf(record),
    problem: problemOf(record),
    children: (byParent.get(record.id) ?? []).map(toSpan),
  });
  return { id, links: [...links], roots: (byParent.get(undefined) ?? []).map(toSpan) };
}

/** Down to the microsecond, as the documents have it. */
const milliseconds = (seconds: number): number => Math.round(seconds * 1_000_000) / 1_000;

function detailsOf({ aws, http, cause }: SpanRecord): Pick<Span, 'details'> {
  const told = [aws, http, cause].some((one) => one !== undefined);
  return told ? { details: { aws, http, cause } } : {};
}

function problemOf({ error, fault, throttle }: SpanRecord): Span['problem'] {
  if (fault === true) return 'fault';
  if (throttle === true) return 'throttle';
  return error === true ? 'error' : undefined;
}

function some(spans: readonly Span[], isSo: (span: Span) => boolean): boolean {
  return spans.some((span) => isSo(span) || some(span.children, isSo));
}

function hasAll(span: Span, wanted: Annotations): boolean {
  return Object.entries(wanted).every(([key, value]) => span.annotations[key] === value);
}

/** One line a span, indented: name, milliseconds, annotations, problem. */
export function traceLines({ roots, links }: Trace): string[] {
  const lines = (span: Span, depth: number): string[] => [
    [
      `${'  '.repeat(depth)}${span.name}`,
      span.ms === undefined ? 'not ended' : `${span.ms.toFixed(0)} ms`,
      ...Object.entries(span.annotations).map(([key, value]) => `${key}=${value}`),
      ...(span.problem === undefined ? [] : [span.problem.toUpperCase()]),
    ].join('  '),
    ...span.children.flatMap((child) => lines(child, depth + 1)),
  ];
  return [
    ...roots.flatMap((root) => lines(root, 0)),
    ...(links.length === 0 ? [] : [`  from ${links.join(', ')}`]),
  ];
}
