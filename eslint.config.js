import tseslint from 'typescript-eslint'

const exemptions = { ignores: ['node_modules/', 'data/', 'src/platform/db/schema.generated.ts'] }

export default tseslint.config(
  exemptions,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 450, skipBlankLines: false, skipComments: false }],
      'max-params': ['error', 4],
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Our objects are records of functions that close over what they need: none looks at `this`.
      '@typescript-eslint/unbound-method': 'off',
      // Nullish strings from outside are trimmed and tested as they are; `async` without `await` keeps an interface.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  { files: ['src/numerics/**/*.ts'], rules: { 'max-lines': ['error', 600], 'max-params': ['error', 8] } },
  // The test runner and the benchmarks speak to a terminal, and a test says why it was skipped.
  { files: ['setup/**/*.ts', 'bench/**/*.ts', '**/*.test.ts'], rules: { 'no-console': 'off' } },
)
