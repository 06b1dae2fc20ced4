import { useState } from 'react';

/** Which rows are ticked, by id; kept while filters and pages change. */
export function useSelection() {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  return {
    ids,
    /** Ticks or unticks several at once. */
    set: (changed: readonly string[], ticked: boolean) =>
      setIds((before) =>
        ticked
          ? new Set([...before, ...changed])
          : new Set([...before].filter((id) => !changed.includes(id))),
      ),
    clear: () => setIds(new Set()),
  };
}

export type Selection = ReturnType<typeof useSelection>;
