import { useMutation } from '@tanstack/react-query';
import { saveFile } from '../api/save-file.ts';
import { useActingAs } from '../identity/current-user.tsx';
import { addLargeFile, useLargeFiles } from './large-file-store.ts';

interface ExportOptions {
  /** "the roster". */
  readonly what: string;
  readonly fileName: string;
  /** The file, or the job that prepares it. */
  readonly ask: () => Promise<Blob | { readonly jobId: string }>;
  readonly onAnswered?: () => void;
  readonly onError?: (error: unknown) => void;
}

/** A list as a file: saved at once, or prepared while people go on working. `busy`: there is nothing to press now. */
export function useExport({ what, fileName, ask, onAnswered, onError }: ExportOptions) {
  const actingAs = useActingAs();
  const preparing = useLargeFiles().some(
    (file) => file.what === what && file.actingAs === actingAs && file.outcome === null,
  );
  const asked = useMutation({
    mutationFn: ask,
    onSuccess: (answer) => {
      if (answer instanceof Blob) {
        saveFile(answer, fileName);
      } else addLargeFile({ jobId: answer.jobId, what, actingAs });
      onAnswered?.();
    },
    ...(onError && { onError }),
  });
  const busy = asked.isPending || preparing;
  return {
    busy,
    error: asked.error,
    start: () => {
      if (!busy) asked.mutate();
    },
  };
}
