// What each stint came to: the parts of what its node earned, with stints apart that are decided together.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstSay, verifiersSaying } from '../support/checkers.ts'
import { RandomWorld, shape } from '../support/random-world.ts'
import { play, smallWorld, TRUSTED } from '../support/worlds.ts'

const WORLDS = 5
const EPOCHS = 12

describe('what stints earned', () => {
  test('is together what their nodes earned, each stint once', () => {
    const one = fc.property(shape, (given) => {
      const random = new RandomWorld(given)
      for (let i = 0; i < EPOCHS; i++) {
        const { state, earned } = random.world.apply(random.prepare())
        expect(new Set(earned.map(({ epoch, node }) => `${epoch} ${node}`)).size).toBe(earned.length)
        for (const [node, stints] of Map.groupBy(earned, (stint) => stint.node)) {
          const sum = { pay: 0n, tasks: 0 }
          for (const { pay, rows } of stints) {
            sum.pay += pay
            sum.tasks += rows
          }
          const entry = state.nodes[node]?.history.find(({ epoch }) => epoch === state.epoch)
          expect({ pay: entry?.pay ?? 0n, tasks: entry?.tasks ?? 0 }).toEqual(sum)
        }
      }
    })
    fc.assert(one, { numRuns: WORLDS, endOnFailure: true })
  })

  test('names a paid stint, and no carried one', () => {
    const verifiers = verifiersSaying(9, firstSay(1, 'right', 'silent'))
    const contributors = [{ vouched: TRUSTED, capacity: 1 }]
    const carried = smallWorld({ name: 'carried', verifiers, contributors }, { tasks: 1 })
    expect(play(carried.world, 1).earned).toEqual([])
    const paid = smallWorld({ name: 'paid', contributors }, { tasks: 1 })
    expect(play(paid.world, 1).earned).toMatchObject([{ epoch: 0, node: 0, rows: 1 }])
  })
})
