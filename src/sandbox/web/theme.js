// Sets dark or light before the first paint: what was chosen here, else what the system prefers.
(() => {
  const chosen = localStorage.getItem('tocsin-theme');
  if (chosen) document.documentElement.dataset.theme = chosen;
})();
