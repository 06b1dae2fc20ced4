import { Eye } from 'lucide-react';
import { setActingAs } from '../../shared/identity/acting-as.ts';
import { useMe } from '../../shared/identity/get-me.ts';
import { Button } from '../../shared/ui/button.tsx';

/** Always in sight while an admin acts as a coach. */
export function ActingStrip() {
  const { actingAs } = useMe();
  if (actingAs === null) return null;
  return (
    <aside className="strip acting" aria-label="Acting as a coach">
      <div>
        <Eye size={16} strokeWidth={1.75} aria-hidden />
        <span className="min-w-0 flex-1">
          You act as <b>{actingAs.name}</b>. What you do is logged under both names.
        </span>
        <Button small onClick={() => setActingAs(null)}>
          Stop acting
        </Button>
      </div>
    </aside>
  );
}
