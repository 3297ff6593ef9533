import { closeDispute, openDispute, proveDispute } from '@piecework/chain'
import type { Books } from '../books.ts'
import { type Move, pick, type Scene } from './scene.ts'

const LEDGERS = ['accounts', 'jobs', 'slashes'] as const
type Name = (typeof LEDGERS)[number]

interface Disputable {
  readonly ledger: Name
  readonly index: number
}

/** A leaf that the candidate lies about, if there is one; else any. */
function someLeaf({ settling, random }: Scene, candidate: Books): Disputable | undefined {
  const final = settling.finals.at(-1)
  if (final === undefined) return undefined
  const wrong = LEDGERS.flatMap((ledger) =>
    final[ledger].leaves.flatMap((before, index) => {
      const after = candidate[ledger].leaves[index]
      const same = after !== undefined && after.owner === before.owner && after.amount >= before.amount
      return same || after === undefined ? [] : [{ ledger, index }]
    }),
  )
  if (wrong.length > 0) return pick(random, wrong)
  const ledger = pick(random, LEDGERS)
  if (ledger === undefined || final[ledger].leaves.length === 0) return undefined
  return { ledger, index: random.below(final[ledger].leaves.length) }
}

/** Opens a dispute and proves it at once; or does one of both, or takes the rent back. */
export const dispute: Move = (scene) => {
  const { network, actors, settling, random } = scene
  const { pending } = settling
  const final = settling.finals.at(-1)
  const leaf = pending && someLeaf(scene, pending)
  if (pending === undefined || final === undefined || leaf === undefined) return []
  const { ledger, index } = leaf
  const [before, after] = [final[ledger].leaves[index], pending[ledger].leaves[index]]
  if (before === undefined || after === undefined) return []
  const disputer = actors.carrier.address
  const place = { epoch: final.epoch + 1, ledger, index, disputer }
  const open = openDispute(network.at, { ...place, ...before, proof: final[ledger].proof(index) })
  const prove = proveDispute(network.at, {
    ...after,
    dispute: place,
    mint: network.mint,
    destination: actors.carrier.tokens,
    proof: pending[ledger].proof(index),
  })
  if (random.chance(0.7)) return [open, prove]
  return [pick(random, [open, prove, closeDispute(network.at, place)]) ?? open]
}
