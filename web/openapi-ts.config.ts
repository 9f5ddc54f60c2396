import { defineConfig } from "@hey-api/openapi-ts";

export default defineConfig({
  input: "./openapi.json",
  logs: { level: "silent" },
  output: { path: "src/api", clean: true },
  plugins: ["@hey-api/typescript"],
});
