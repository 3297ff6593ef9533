// Adversary 20 is worth what its promises see: each of them, broken by hand.
import { type Address, encode, type Network, networkForm } from '@piecework/chain'
import { describe, expect, it } from 'vitest'
import { brokenQuickly, brokenThoroughly, type Watched } from '../src/program/invariants.ts'
import { makeStage, ownClaim, type Stage } from '../src/program/stage.ts'

function watch({ network, actors, entries }: Stage): Watched {
  const highest = new Map(entries.accounts.map(({ amount }, index) => [index, amount]))
  return { network, actors, highest, pages: 1 }
}

function stageAfterClaim(): Stage {
  const stage = makeStage()
  stage.network.vm.must([ownClaim(stage)])
  return stage
}

function writeTotals({ network }: Stage, totals: Partial<Network['totals']>): void {
  const state = network.state()
  const data = encode(networkForm.layout, { ...state, totals: { ...state.totals, ...totals } })
  network.vm.put(network.at.network, { ...network.raw(network.at.network), data })
}

/** Puts so many more tokens into an account, out of nowhere. */
function addTokens({ network }: Stage, to: Address, amount: bigint): void {
  const account = network.raw(to)
  const view = new DataView(account.data.buffer)
  view.setBigUint64(64, view.getBigUint64(64, true) + amount, true)
  network.vm.put(to, account)
}

describe('the promises about money', () => {
  it('hold on an untouched network', () => {
    expect(brokenThoroughly(watch(stageAfterClaim()))).toEqual([])
  })

  const totals: readonly (readonly [string, Partial<Network['totals']>, RegExp])[] = [
    ['more claimed than paid', { claimed: 20_000n }, /^claimed 20000 <= paid/],
    ['more paid than charged', { paid: 50_000n }, /^paid 50000 <= charged/],
    ['more charged than deposited', { charged: 100_001n }, /^charged 100001 \+ refunded/],
    ['more staked than there is', { staked: 1n }, /^the stake vault has/],
  ]
  it.each(totals)('see %s', (_, changed, sentence) => {
    const stage = stageAfterClaim()
    writeTotals(stage, changed)
    expect(brokenQuickly(watch(stage))).toContainEqual(expect.stringMatching(sentence))
  })

  it('see tokens that are in the wrong place', () => {
    const stage = stageAfterClaim()
    addTokens(stage, stage.network.at.vault, 1n)
    expect(brokenQuickly(watch(stage))).toContainEqual(expect.stringMatching(/^the vault has/))
    addTokens(stage, stage.actors.thief.tokens, 1n)
    expect(brokenQuickly(watch(stage))).toContain('the thief has nothing')
    expect(brokenThoroughly(watch(stage))).toContain('no token came from nowhere or was lost')
  })

  it('see an account that claimed more than it was owed, and claims that no page knows', () => {
    const stage = stageAfterClaim()
    const greedy = { ...watch(stage), highest: new Map([[1, 9_999n]]) }
    expect(brokenThoroughly(greedy)).toEqual(['account 1 claimed more than any root said'])
    const blind = { ...watch(stage), pages: 0 }
    expect(brokenThoroughly(blind)).toContainEqual(expect.stringMatching(/^the pages sum up to 0/))
  })
})
