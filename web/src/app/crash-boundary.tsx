import { Component, type ReactNode } from 'react';

interface CrashBoundaryProps {
  readonly children: ReactNode;
  /** What stands there instead. */
  readonly instead: ReactNode;
}

interface CrashState {
  readonly crashed: boolean;
}

/** The last net: a fault of the site itself is told, and loading the page again is offered. */
export class CrashBoundary extends Component<CrashBoundaryProps, CrashState> {
  override state: CrashState = { crashed: false };

  static getDerivedStateFromError(): CrashState {
    return { crashed: true };
  }

  override render() {
    return this.state.crashed ? this.props.instead : this.props.children;
  }
}
