// Before the first paint, so that a light page never flashes dark. A file of its own: the CSP allows no inline script.
// The theme is the system's until one is chosen in the account menu.
(() => {
  const light = window.matchMedia('(prefers-color-scheme: light)');
  const apply = () => {
    let theme = light.matches ? 'light' : 'dark';
    try {
      theme = localStorage.getItem('theme') ?? theme;
    } catch {
      // Storage is closed to us: the system decides.
    }
    document.documentElement.dataset.theme = theme === 'light' ? 'light' : 'dark';
  };
  apply();
  light.addEventListener('change', apply);
})();
