import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import ts from "typescript-eslint";

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
          selector: "JSXText[value=/[A-Za-zА-Яа-я]{2,}/]",
          message: "Text that people read belongs in the message catalogues.",
        },
      ],
    },
  },
  {
    files: ["**/*.{js,mjs}"],
    extends: [ts.configs.disableTypeChecked],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
  },
);
