import { defineConfig, type ViteUserConfig } from 'vitest/config'

/**
 * Whole networks of processes, by the wall clock, with phases of a second: nothing else may run beside them, or it is
 * measured too.
 */
const BY_THE_WALL_CLOCK = [
  'test/{local-start,role-pages}.test.ts',
  'packages/network/test/processes.test.ts',
  'packages/sim/test/{crowd,kills}.test.ts',
  'packages/settler/test/local-chain.test.ts',
]

const LIMITS = { testTimeout: 120_000, hookTimeout: 120_000 }

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'all',
          include: ['{packages/*,node,verifier}/test/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: BY_THE_WALL_CLOCK,
          // Two cores: one worker for the long file, one for the rest.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
          ...LIMITS,
        },
      },
      {
        test: {
          name: 'by the wall clock',
          include: BY_THE_WALL_CLOCK,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          ...LIMITS,
        },
      },
    ],
  },
})

export default config
