import { ButtonLink } from '#web/shared/ui/button.tsx';
import { Panel } from '#web/shared/ui/panel.tsx';
import { Plus, Upload } from 'lucide-react';

const STEPS = [
  {
    title: 'Add your competitors',
    text: 'Import the list you already have, or add people one by one. You check every row before it is saved.',
    opens: null,
  },
  {
    title: 'Record the releases',
    text: 'Enter one date per competitor: when a guardian signed the media release. We have a reminder you can copy.',
    opens: 'Opens once you have added a competitor',
  },
  {
    title: 'Add them to the Game Platform',
    text: 'We make the accounts, and the platform emails each competitor. Its staff approve them by hand.',
    opens: 'Opens once a release is recorded',
  },
] as const;

/** Instead of the brief, for a coach without people: nothing can be wrong yet, and three steps change that. */
export const FirstSteps = () => (
  <Panel label="First steps">
    <div className="panel-head">
      <h2>Three steps to your first scores</h2>
      <p className="as-of">No one is on your list yet</p>
    </div>
    <ol>
      {STEPS.map(({ title, text, opens }, index) => (
        <li
          key={title}
          aria-current={opens === null ? 'step' : undefined}
          className="flex gap-4 border-t border-line px-4 py-4 sm:px-5"
        >
          <span className="text-20 font-medium text-muted" aria-hidden>
            {index + 1}
          </span>
          <div className="grid min-w-0 flex-1 gap-1.5">
            <h3 className="text-14 font-medium">{title}</h3>
            <p className="text-13 text-text-2">{text}</p>
            {opens === null ? (
              <div className="mt-1.5 flex flex-wrap gap-2">
                <ButtonLink look="primary" to="/import">
                  <Upload size={14} aria-hidden /> Import a file
                </ButtonLink>
                <ButtonLink to="/competitors">
                  <Plus size={14} aria-hidden /> Add one by hand
                </ButtonLink>
              </div>
            ) : (
              <p className="text-12 text-muted">{opens}</p>
            )}
          </div>
        </li>
      ))}
    </ol>
  </Panel>
);
