// @ts-check
/**
 * Runs before an embed is painted: sets the colours that its address asks for, keeps the places free that
 * embed-frame.js fills, and says so where the page around it keeps the calculator from running. A classic script, because a module does not load in a frame without an origin.
 */
(() => {
  const root = document.documentElement;
  const given = new URLSearchParams(location.search);
  const theme = given.get("theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const isDark = theme === "dark" || (theme !== "light" && dark.matches);
    root.dataset.mdColorScheme = isDark ? "slate" : "default";
    root.style.colorScheme = isDark ? "dark" : "light";
    dispatchEvent(new Event("embed:scheme"));
  };
  dark.addEventListener("change", paint);
  paint();

  root.dataset.awaits = ["cta_url", "share", "as_of"].filter((name) => given.get(name)).join(" "); // embed.css

  const fail = () => (root.dataset.embed = "still"); // embed.css
  if (self.origin === "null") fail();
  addEventListener(
    "error",
    ({ target }) => {
      if (target instanceof HTMLScriptElement && !root.dataset.embed) fail();
    },
    { capture: true }, // a script that does not load tells nobody else
  );
})();
