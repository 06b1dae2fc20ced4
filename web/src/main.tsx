// First: it sets the order of the cascade layers for every style sheet after it.
import './shared/styles/main.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import * as z from 'zod';
import { App } from './app/app.tsx';
import { reloadAfterDeploy } from './app/crash.tsx';

// The CSP allows no code made from strings, not even zod's attempt at it.
z.config({ jitless: true });
reloadAfterDeploy();
// Back after a sign-out must not show what the browser kept of a page with names on it.
globalThis.addEventListener('pageshow', (event) => {
  if (event.persisted) globalThis.location.reload();
});

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
