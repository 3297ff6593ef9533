import { type ClaimedLeaf, claimCarried, claimOwn, openPage, PAGE_ENTRIES } from '@piecework/chain'
import { ZERO_HASH } from '@piecework/protocol'
import { everybody } from '../actors.ts'
import type { Final } from '../settling.ts'
import { type Move, pick, type Scene, someFinal } from './scene.ts'

/** Any index, more often than not of an account that can claim something. */
function someLeaf(final: Final, { network, random }: Scene): ClaimedLeaf | undefined {
  const { accounts } = final.entries
  const claimed = network.claimed(Math.ceil(accounts.length / PAGE_ENTRIES))
  const more = [...accounts.keys()].filter(
    (index) => (accounts[index]?.amount ?? 0n) > (claimed[index] ?? 0n),
  )
  const index = random.chance(0.8) ? pick(random, more) : random.below(accounts.length)
  const account = index === undefined ? undefined : accounts[index]
  if (index === undefined || account === undefined) return undefined
  return { ...account, rootEpoch: final.epoch, index, rest: ZERO_HASH, proof: final.accounts.proof(index) }
}

export const claim: Move = (scene) => {
  const { network, actors, random } = scene
  const final = someFinal(scene)
  const leaf = final && someLeaf(final, scene)
  const owner = everybody(actors).find(({ address }) => address === leaf?.wallet)
  if (leaf === undefined || owner === undefined) return []
  const { at, mint } = network
  const own = claimOwn(at, { leaf, mint, destination: random.chance(0.5) ? owner.tokens : owner.associated })
  const fee = BigInt(random.below(70))
  const carried = claimCarried(at, { leaf, mint, fee, feeDestination: actors.carrier.tokens })
  const one = random.chance(0.5) ? own : carried
  // Now and then twice at once, or by wallet and carrier at once.
  if (random.chance(0.05)) return [one, one]
  return random.chance(0.05) ? [own, carried] : [one]
}

export const openSomePage: Move = ({ network, settling, random }) => {
  const accounts = settling.finals.at(-1)?.entries.accounts.length ?? 0
  const number = random.below(Math.ceil(accounts / PAGE_ENTRIES) + 1)
  return [openPage(network.at, { payer: network.vm.payer, number })]
}
