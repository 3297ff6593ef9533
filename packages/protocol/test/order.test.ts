// The same attestation, whatever the order in which an epoch's inputs arrived.
import { SeededRandom } from '@piecework/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyEpoch, type Epoch } from '../src/apply/apply.ts'
import { attestationHash } from '../src/attestation.ts'
import { toHex } from '../src/bytes.ts'
import type { ReportInput } from '../src/inputs.ts'
import { RandomWorld, shape } from './support/random-world.ts'

const WORLDS = 8
const EPOCHS = 15

function shuffled({ inputs, ...epoch }: Epoch, random: SeededRandom): Epoch {
  const evidenceShuffled = (input: ReportInput): ReportInput => {
    return { ...input, report: { ...input.report, evidence: random.shuffled(input.report.evidence) } }
  }
  return {
    ...epoch,
    inputs: {
      ...inputs,
      inventories: random.shuffled(inputs.inventories),
      chainOf: (node) => random.shuffled(inputs.chainOf(node)),
      enrolments: random.shuffled(inputs.enrolments),
      known: random.shuffled(inputs.known),
      reports: random.shuffled(inputs.reports).map(evidenceShuffled),
      twoReveals: random.shuffled(inputs.twoReveals),
    },
  }
}

test('batches, inventories, enrolments, reports and evidence count alike in any order', () => {
  const play = fc.property(shape, (one) => {
    const world = new RandomWorld(one)
    const random = new SeededRandom(`order ${one.seed}`)
    for (let i = 0; i < EPOCHS; i++) {
      const epoch = world.prepare()
      const { attestation } = applyEpoch(shuffled(epoch, random))
      const applied = world.world.apply(epoch)
      expect(toHex(attestationHash(attestation))).toBe(toHex(attestationHash(applied.attestation)))
    }
  })
  fc.assert(play, { numRuns: WORLDS, endOnFailure: true })
})
