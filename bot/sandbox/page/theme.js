// A plain script in the head: the chosen colours must be known before the first paint.
(() => {
  try {
    const theme = JSON.parse(localStorage.getItem("sandbox:theme") ?? "null");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage that is closed or spoilt leaves the system's own colours.
  }
})();
