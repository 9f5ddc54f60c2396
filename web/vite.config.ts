import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Where `make dev` serves the program. It compares the host that it is asked for with the page's origin (CSRF), so the
// proxy must leave the host as it is.
const program = {
  target: `http://127.0.0.1:${process.env["TRADEPOST_PORT"] ?? "8000"}`,
  changeOrigin: false,
};

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../tradepost/src/tradepost/static",
    emptyOutDir: true,
    manifest: true,
    // Inlined assets are data: addresses, which the content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": program, "/health": program } },
  test: { include: ["src/**/*.test.{ts,tsx}"] },
});
