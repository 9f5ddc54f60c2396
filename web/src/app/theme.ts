// Light, dark, or as the system says; the choice is kept on the device.
export type Theme = "system" | "light" | "dark";

const STORED = "tradepost.theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");

export function chosenTheme(): Theme {
  const stored = localStorage.getItem(STORED);
  return stored === "light" || stored === "dark" ? stored : "system";
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(STORED, theme);
  applyTheme();
}

export function applyTheme(): void {
  const theme = chosenTheme();
  document.documentElement.dataset["theme"] = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
}

export function followSystemTheme(): void {
  applyTheme();
  dark.addEventListener("change", applyTheme);
}
