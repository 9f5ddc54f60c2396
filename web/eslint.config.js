import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import ts from "typescript-eslint";

// Sides that do not turn round with the script: start and end (ms-, pe-, rounded-s-, text-end …) do.
const PHYSICAL =
  "(^|[\\s:!])-?(m[lr]|p[lr]|scroll-[mp][lr]|left|right|text-(left|right)|float-(left|right)|clear-(left|right)|" +
  "border-[lr]|rounded-([lr]|[tb][lr])|origin-(left|right)|bg-gradient-to-[lr]|bg-linear-to-[lr])(-|\\s|$)";
const SIDES = "Left and right do not turn round for Arabic and Hebrew: use start and end.";

export default defineConfig(
  globalIgnores(["src/api/", "node_modules/"]),
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [hooks.configs.flat["recommended-latest"]],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.name='parseFloat']",
          message: "Money and quantities are never floats (rule 1).",
        },
        {
          selector: ":matches(Literal[value=/^.api.v1/], TemplateElement[value.raw=/^.api.v1/])",
          message: "Call an operation of @/api, or add the address to addresses.ts.",
        },
        {
          selector: "JSXText[value=/[A-Za-zА-Яа-я]{2,}/]",
          message: "Text that people read belongs in the message catalogues.",
        },
        { selector: `JSXAttribute[name.name='className'] Literal[value=/${PHYSICAL}/]`, message: SIDES },
        { selector: `TemplateElement[value.raw=/${PHYSICAL}/]`, message: SIDES },
        { selector: `VariableDeclarator > Literal[value=/${PHYSICAL}/]`, message: SIDES },
        { selector: `Property > Literal[value=/${PHYSICAL}/]`, message: SIDES },
      ],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    rules: { "no-restricted-globals": ["error", { name: "fetch", message: "Call an operation of @/api." }] },
  },
  {
    // Here paths are compared with the program's description by their types, or with what was asked.
    files: ["src/addresses.ts", "src/**/*.test.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["**/*.{js,mjs}"],
    extends: [ts.configs.disableTypeChecked],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
  },
);
