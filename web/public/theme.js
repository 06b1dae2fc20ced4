// Before the first paint, so that a light page never flashes dark. A file of its own: the CSP allows no inline script.
try {
  if (localStorage.getItem('theme') === 'light') document.documentElement.dataset.theme = 'light';
} catch {
  // Storage is closed to us: the dark theme stays.
}
