import js from '@eslint/js';
import vue from 'eslint-plugin-vue';
import ts from 'typescript-eslint';

const html = 'Text goes through templates; markup from strings is refused (SECURITY §8.1).';
const address = "Calls go through api() of shared/api.ts: it sends our header and reads our errors.";

export default ts.config(
  { ignores: ['dist/', '.dist-next/', '.dist-old/', 'node_modules/', 'node/'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    files: ['src/**/*.{ts,vue}'],
    rules: {
      'no-undef': 'off', // the compiler does this
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
      'no-restricted-globals': ['error', { name: 'fetch', message: address }],
      'no-restricted-properties': ['error', { object: 'window', property: 'fetch', message: address }],
      'no-restricted-syntax': [
        'error',
        { selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML|srcdoc)$/]', message: html },
        { selector: "CallExpression[callee.object.name='document'][callee.property.name=/^write(ln)?$/]", message: html },
        { selector: 'Property[key.name=/^(innerHTML|outerHTML|srcdoc|dangerouslyUseHTMLString)$/]', message: html },
      ],
      'vue/no-v-html': 'error',
      'vue/no-v-text-v-html-on-component': 'error',
      'vue/no-static-inline-styles': 'error', // style-src 'self'
      'vue/no-restricted-html-elements': ['error', { element: ['style'], message: 'Styles live in the <style> block.' }],
      'vue/no-restricted-v-bind': ['error', { argument: 'innerHTML', message: html }, { argument: 'srcdoc', message: html }],
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-macros-order': 'error',
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': ['error', { html: { void: 'always' } }],
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['src/shared/api.ts', 'src/exam/**'],
    rules: { 'no-restricted-globals': 'off', 'no-restricted-properties': 'off' },
  },
  {
    files: ['scripts/*.mjs', '*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
);
