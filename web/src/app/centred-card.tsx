import type { ReactNode } from 'react';
import { Mark } from '../shared/ui/mark.tsx';

/** One card on an otherwise empty page: sign-in, signed out, start failures. */
export function CentredCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="dotted grid min-h-dvh place-items-center p-4">
      <div className="grid w-full max-w-[380px] gap-4 rounded-[14px] border border-line-strong bg-surface-1 p-6">
        <span className="flex items-center gap-2.5 font-[620] tracking-[-.01em]">
          <Mark />
          Coach Dashboard
        </span>
        <h1 className="text-20 font-[620] tracking-[-.015em]">{title}</h1>
        {children}
      </div>
    </main>
  );
}
