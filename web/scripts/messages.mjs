// Fails when the message catalogues of the languages do not hold the same keys and the same placeholders.
import { readdirSync, readFileSync } from "node:fs";

import { parse, TYPE } from "@formatjs/icu-messageformat-parser";

const folder = new URL("../src/i18n/", import.meta.url);

function flatten(value, path = "") {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === "string" ? [[`${path}${key}`, inner]] : flatten(inner, `${path}${key}.`),
  );
}

function read(language) {
  const names = readdirSync(new URL(`${language}/`, folder)).filter((name) => name.endsWith(".json"));
  return new Map(
    names.flatMap((name) =>
      flatten(
        JSON.parse(readFileSync(new URL(`${language}/${name}`, folder), "utf8")),
        `${name.slice(0, -5)}.`,
      ),
    ),
  );
}

/** Collect the arguments of a message, those inside its plural and select forms included. */
function names(nodes) {
  return nodes.flatMap((node) => [
    ...(node.type === TYPE.literal || node.type === TYPE.pound ? [] : [node.value]),
    ...Object.values(node.options ?? {}).flatMap((option) => names(option.value)),
    ...(node.children === undefined ? [] : names(node.children)),
  ]);
}

const placeholders = (text) => [...new Set(names(parse(text)))].sort().join();

const english = read("en");
const russian = read("ru");
const problems = [
  ...[...english.keys()].filter((key) => !russian.has(key)).map((key) => `missing in Russian: ${key}`),
  ...[...russian.keys()].filter((key) => !english.has(key)).map((key) => `missing in English: ${key}`),
  ...[...english]
    .filter(([key, text]) => russian.has(key) && placeholders(text) !== placeholders(russian.get(key)))
    .map(([key]) => `other placeholders: ${key}`),
  ...[...english, ...russian].filter(([, text]) => text.trim() === "").map(([key]) => `empty: ${key}`),
];
for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
