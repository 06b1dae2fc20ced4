import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTraceFile } from '#infra/local/state/trace-file.ts';
import { scratchDirectory } from '../emulator/lambda/scratch-function.ts';

const trace = (id: string) => ({ id, links: [], roots: [] });

describe('the file of traces', () => {
  it('has one trace a line, and puts a full file aside', () => {
    const directory = scratchDirectory();
    const lines = (name: string) => readFileSync(join(directory, name), 'utf8').trim().split('\n');
    const file = createTraceFile(directory, 100);
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) file.add(trace(id));
    expect(lines('traces.jsonl').map((line) => JSON.parse(line))).toEqual([trace('g')]);
    expect(lines('traces.jsonl.1').map((line) => JSON.parse(line))).toEqual(['d', 'e', 'f'].map(trace));
    createTraceFile(directory, 100).add(trace('h'));
    expect(lines('traces.jsonl')).toHaveLength(2);
  });
});
