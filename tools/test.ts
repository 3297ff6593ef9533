// `npm test`: every test of the workspace, and as the last line `N passed, N failed`.
// Arguments go to vitest: `npm test -- packages/protocol`.
import { parseCLI, startVitest, type TestModule } from 'vitest/node'

function count(modules: readonly TestModule[]): { passed: number; failed: number } {
  let passed = 0
  let failed = 0
  for (const module of modules) {
    const tests = [...module.children.allTests()]
    passed += tests.filter((test) => test.result().state === 'passed').length
    const failedTests = tests.filter((test) => test.result().state === 'failed').length
    // A file that breaks outside of its tests counts as one failure: it must never look green.
    failed += failedTests === 0 && !module.ok() ? 1 : failedTests
  }
  return { passed, failed }
}

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)])
const vitest = await startVitest('test', filter, { ...options, run: true })
const { passed, failed } = count(vitest.state.getTestModules())
const loose = vitest.state.getUnhandledErrors().length
await vitest.close()
console.log(`${passed} passed, ${failed + loose} failed`)
process.exit()
