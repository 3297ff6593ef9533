// What exists for tests must not be reachable from a daemon: only tests, simulations and the local network may name it.
import { expect, it } from 'vitest'
import { importsOf, scripts } from './support/sources.ts'

const TEST_ONLY = ['@piecework/work/testing']
const MAY: readonly RegExp[] = [/\/test\//, /^test\//, /^packages\/sim\//, /^packages\/cli\/src\/local\//]

it('lets no daemon name what may reach private addresses', () => {
  const named = scripts.filter(({ text }) => importsOf(text).some((name) => TEST_ONLY.includes(name)))
  expect(named.length).toBeGreaterThan(0)
  expect(named.map(({ path }) => path).filter((path) => !MAY.some((place) => place.test(path)))).toEqual([])
})
