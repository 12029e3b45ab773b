import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Tests read sources by default and `dist` with SEEKYOU_TEST_DIST=1.
const conditions = process.env['SEEKYOU_TEST_DIST'] ? ['node', 'default'] : ['@seekyou/source', 'node', 'default']

export default defineConfig({
  root: process.cwd(),
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: [new URL('./setup.ts', import.meta.url).pathname],
    reporters: ['default', 'json'],
    outputFile: { json: '.test-report.json' },
    // Many tests wait for a program that they started.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { shuffle: true },
    restoreMocks: true,
    // For what hangs; no test is about how long a thing takes.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
