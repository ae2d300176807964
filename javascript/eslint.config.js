import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["node_modules/"] },
  js.configs.recommended,
  {
    rules: {
      "complexity": ["error", 10],
      "consistent-return": "error",
      "curly": ["error", "multi-line"],
      "eqeqeq": "error",
      "max-len": ["error", { code: 110 }],
      "max-lines": ["error", 220],
      "max-lines-per-function": ["error", { max: 30, skipComments: true }],
      "max-params": ["error", 5],
      "no-restricted-properties": ["error",
        { property: "innerHTML", message: "Names and texts are not markup; use element()." },
        { property: "outerHTML", message: "Names and texts are not markup; use element()." },
        { property: "insertAdjacentHTML", message: "Names and texts are not markup." },
      ],
      "no-restricted-globals": ["error",
        { name: "fetch", message: "The widgets ask for nothing outside themselves." },
        { name: "XMLHttpRequest", message: "The widgets ask for nothing outside themselves." },
      ],
      "no-shadow": "error",
      "no-use-before-define": ["error", { functions: false }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  { files: ["src/**"], languageOptions: { globals: globals.browser } },
  { files: ["*.js", "tests/**"], languageOptions: { globals: globals.node } },
  // A test file is a list of sentences, not one function.
  { files: ["tests/**"], rules: { "max-lines-per-function": "off" } },
];
