import { defineConfig, type ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['{packages/*,node,verifier}/test/**/*.test.ts', 'test/**/*.test.ts'],
    // Two cores: one worker for the long file, one for the rest.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})

export default config
