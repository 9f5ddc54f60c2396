import { defineConfig } from "@hey-api/openapi-ts";

// Operations return the answer's body and throw what http.ts makes of a refusal; the browser's cookie signs in.
export default defineConfig({
  input: "./openapi.json",
  logs: { level: "silent" },
  output: { path: "src/api", clean: true },
  plugins: [
    "@hey-api/typescript",
    { name: "@hey-api/client-fetch", throwOnError: true, baseUrl: false },
    { name: "@hey-api/sdk", responseStyle: "data", auth: false },
  ],
});
