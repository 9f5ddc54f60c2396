// Writes a compressed form beside each built file that gains from it; the program sends the one that a browser accepts.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from "node:zlib";

const SMALLEST = 512;
const GAINS = /\.(js|css|html|svg|json|webmanifest|txt)$/;
const folder = new URL("../../tradepost/src/tradepost/static/", import.meta.url);

const forms = {
  ".br": (content) =>
    brotliCompressSync(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
  ".zst": (content) => zstdCompressSync(content, { params: { [constants.ZSTD_c_compressionLevel]: 19 } }),
  ".gz": (content) => gzipSync(content, { level: 9 }),
};

let [before, after] = [0, 0];
for (const name of readdirSync(folder, { recursive: true })) {
  if (!GAINS.test(name) || name.startsWith(".vite")) continue;
  const content = readFileSync(new URL(name, folder));
  if (content.length < SMALLEST) continue;
  for (const [ending, compress] of Object.entries(forms)) {
    const compressed = compress(content);
    if (compressed.length < content.length) writeFileSync(new URL(name + ending, folder), compressed);
    if (ending === ".br") after += Math.min(compressed.length, content.length);
  }
  before += content.length;
}
console.log(`compressed: ${(before / 1000).toFixed(0)} kB to ${(after / 1000).toFixed(0)} kB`);
