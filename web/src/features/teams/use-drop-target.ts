import { useState, type DragEvent } from 'react';

/** Handlers of an element that takes what is dropped, while `takes`; `over` once the pointer is on it. */
export function useDropTarget(takes: boolean, onDrop: () => void) {
  const [inside, setInside] = useState(false);
  return {
    over: takes && inside,
    handlers: {
      onDragEnter: () => setInside(true),
      onDragOver: (event: DragEvent) => {
        if (!takes) return;
        // Not prevented means that nothing may be dropped here.
        event.preventDefault();
        event.dataTransfer.dropEffect = 'move';
      },
      onDragLeave: (event: DragEvent) => {
        const to = event.relatedTarget;
        if (!(to instanceof Node && event.currentTarget.contains(to))) setInside(false);
      },
      onDrop: (event: DragEvent) => {
        setInside(false);
        if (!takes) return;
        event.preventDefault();
        onDrop();
      },
    },
  };
}
