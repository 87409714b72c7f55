/** Unit tests sit beside their source; what needs a running server is in tests/. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/shared', '<rootDir>/server', '<rootDir>/client', '<rootDir>/tests', '<rootDir>/bench'],
  testMatch: ['**/*.test.ts'],
  transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  globalSetup: '<rootDir>/tests/harness/build.ts',
  // A patience and no more: a test that starts several programs on a busy machine is still one that passes.
  testTimeout: 180_000,
  collectCoverageFrom: ['shared/**/*.ts', 'server/core/**/*.ts', 'server/store/**/*.ts', '!**/*.test.ts'],
};
