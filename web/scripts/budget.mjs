// Fails when the first load of the till needs more than 200 kB of compressed script.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT = 200_000;
const folder = new URL("../../tradepost/src/tradepost/static/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", folder), "utf8"));
const needed = new Set();

function add(key) {
  if (needed.has(key)) return;
  needed.add(key);
  for (const imported of manifest[key].imports ?? []) add(imported);
}

const till = Object.keys(manifest).find((key) => key.includes("features/till/"));
if (till === undefined) throw new Error("the till is not a chunk of its own");
// The language catalogue loads with the first page too; the larger one counts.
const catalogues = Object.keys(manifest).filter((key) => /i18n\/(en|ru)\.ts$/.test(key));
add("index.html");
add(till);
const size = (key) => gzipSync(readFileSync(new URL(manifest[key].file, folder)), { level: 9 }).length;
const total = [...needed].reduce((sum, key) => sum + size(key), 0) + Math.max(0, ...catalogues.map(size));
console.log(`first load of the till: ${(total / 1000).toFixed(1)} kB of ${LIMIT / 1000} kB`);
process.exit(total > LIMIT ? 1 : 0);
