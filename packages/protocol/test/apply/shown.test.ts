// About which rows that evidence shows a kind is asked, and what is passed over.
import { sleeper, toyRules } from '@piecework/testkit'
import { describe, expect, test } from 'vitest'
import { applyEpoch, type Epoch } from '../../src/apply/apply.ts'
import type { Evidence } from '../../src/messages.ts'
import { prunedNode } from '../../src/state/pruned.ts'
import type { Work } from '../../src/work.ts'
import { at } from '../support/chain.ts'
import { openedRow, withEvidence } from '../support/proof.ts'
import { play, type Small, smallWorld, TRUSTED } from '../support/worlds.ts'

/** So many nodes that fake all rows, which their checkers let pass. */
function fakes(nodes: number): Small {
  const friend = { stake: 1_000n, behaviour: { friendOf: () => true } }
  return smallWorld({
    name: 'shown',
    params: { barEpochs: 2, carryEpochs: 4, evidenceEpochs: 6 },
    kinds: toyRules(1_000_000),
    verifiers: [friend, friend, friend],
    contributors: Array.from({ length: nodes }, () => ({
      ...{ vouched: TRUSTED, capacity: 4, behaviour: sleeper(0) },
    })),
  })
}

describe('a kind is asked about a row', () => {
  /** How often, for this evidence in the report of verifier 0. */
  function asked(epoch: Epoch, evidence: readonly Evidence[]): number {
    let times = 0
    const contradicts: Work['contradicts'] = (...question) => {
      times += 1
      return epoch.ports.work.contradicts(...question)
    }
    const ports = { ...epoch.ports, work: { ...epoch.ports.work, contradicts } }
    applyEpoch(withEvidence({ ...epoch, ports }, 0, evidence))
    return times
  }

  test('once for each node and report, however many rows are shown', () => {
    const { world } = fakes(2)
    const epoch = world.prepare()
    const rows = world.contributors.flatMap((one) => [0, 1, 2].map((row) => openedRow(one, 0, row)))
    expect(rows).toHaveLength(6)
    expect(asked(epoch, rows)).toBe(2)
  })

  test('not of what a barred node signs: it is worth nothing, and fails nobody again', () => {
    const { world } = fakes(1)
    play(world, 1)
    const contributor = at(world.contributors, 0)
    const epoch = world.prepare()
    const late = openedRow(contributor, 1)
    const barred = epoch.state.nodes.map((node) => ({ ...node, failedAt: 0, barredUntil: 2 }))
    expect(asked(epoch, [late])).toBe(1)
    expect(asked({ ...epoch, state: { ...epoch.state, nodes: barred } }, [late])).toBe(0)
  })

  test('not of a job that never opened, and nobody is slashed for it', () => {
    const { world } = fakes(1)
    const epoch = world.prepare()
    const proof = openedRow(at(world.contributors, 0), 0)
    const work = {
      ...epoch.ports.work,
      contradicts: () => {
        throw new Error('its content may be nowhere')
      },
    }
    const ports = { ...epoch.ports, work }
    expect(() => applyEpoch(withEvidence({ ...epoch, ports }, 0, [proof]))).toThrow('nowhere')
    const unopened = { ...epoch, ports, facts: { ...epoch.facts, opened: [] } }
    const { state } = applyEpoch(withEvidence(unopened, 0, [proof]))
    expect(state.verifiers.map(({ slashed }) => slashed)).toEqual([0n, 0n, 0n])
  })

  test('not against a node that was pruned, and nobody is slashed for it: its sender may not have known', () => {
    const { world } = fakes(1)
    const epoch = world.prepare()
    const proof = openedRow(at(world.contributors, 0), 0)
    const state = { ...epoch.state, nodes: [prunedNode(0)] }
    expect([asked(epoch, [proof]), asked({ ...epoch, state }, [proof])]).toEqual([1, 0])
    const told = withEvidence({ ...epoch, state }, 0, [proof])
    expect(applyEpoch(told).state.verifiers.map(({ slashed }) => slashed)).toEqual([0n, 0n, 0n])
  })
})
