// After a crash an epoch is applied again: the same bytes come out, because nothing that went in has changed.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyEpoch, type Epoch } from '../src/apply/apply.ts'
import { attestationHash } from '../src/attestation.ts'
import { RandomWorld, shape } from './support/random-world.ts'

const WORLDS = 6
const EPOCHS = 15

/** Columns of numbers can't be frozen: those are compared with a copy. */
function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value))
    return
  Object.freeze(value)
  for (const part of Object.values(value)) deepFreeze(part)
}

function inputsOf({ inputs, state, facts }: Epoch): unknown {
  const { chainOf, ...others } = inputs
  const chains = state.nodes.map((_, node) => chainOf(node))
  return { state, facts, others, chains }
}

test('an epoch applied twice gives the same state, pages and attestation, and changes nothing that it was given', () => {
  const play = fc.property(shape, (one) => {
    const random = new RandomWorld(one)
    for (let i = 0; i < EPOCHS; i++) {
      const epoch = random.prepare()
      const given = inputsOf(epoch)
      const before = structuredClone(given)
      deepFreeze(given)
      const first = applyEpoch(epoch)
      const second = applyEpoch(epoch)
      expect(given).toEqual(before)
      expect(attestationHash(second.attestation)).toEqual(attestationHash(first.attestation))
      expect(second.paged).toEqual(first.paged)
      expect(second.state).toEqual(first.state)
      random.world.apply(epoch)
    }
  })
  fc.assert(play, { numRuns: WORLDS, endOnFailure: true })
})
