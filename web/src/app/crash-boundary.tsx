import { Component, type ReactNode } from 'react';
import { CrashPage } from './crash-page.tsx';

interface CrashState {
  readonly crashed: boolean;
}

/** The last net: a fault of the site itself is told, and loading the page again is offered. */
export class CrashBoundary extends Component<{ readonly children: ReactNode }, CrashState> {
  override state: CrashState = { crashed: false };

  static getDerivedStateFromError(): CrashState {
    return { crashed: true };
  }

  override render() {
    return this.state.crashed ? <CrashPage /> : this.props.children;
  }
}
