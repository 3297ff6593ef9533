import {
  applySlash,
  decodeAccount,
  entriesOf,
  leaveRoster,
  retire,
  rosterForm,
  withdrawStake,
} from '@piecework/chain'
import { ZERO_HASH } from '@piecework/protocol'
import { type Move, pick, type Scene, someFinal } from './scene.ts'

const MOST_STAKED = 3_000_000
/** Enough for a quorum of several, few enough to stay quick. */
const FEWEST = 5
const MOST = 9

export const slash: Move = (scene) => {
  const { network, random } = scene
  const final = someFinal(scene)
  if (final === undefined || final.entries.slashes.length === 0) return []
  const id = random.below(final.entries.slashes.length)
  const amount = final.entries.slashes[id]?.amount ?? 0n
  const leaf = { amount, detail: ZERO_HASH, proof: final.slashes.proof(id) }
  return [applySlash(network.at, { id, mint: network.mint, rootEpoch: final.epoch, ...leaf })]
}

/** Somebody joins where stakes were burned away or verifiers left; where there are many, one leaves. */
export const joinOrLeave: Move = (scene) => {
  const { network, random } = scene
  const ids = staying(scene)
  const leaver = network.verifiers[pick(random, ids) ?? -1]
  if (leaver !== undefined && ids.length > MOST) return [leaveRoster(network.at, leaver)]
  if (ids.length >= FEWEST && random.chance(0.8)) return []
  return [network.joining(BigInt(random.below(MOST_STAKED)))]
}

function staying({ network }: Scene): readonly number[] {
  const roster = decodeAccount(rosterForm, network.raw(network.at.roster), network.vm.programId)
  const stay = entriesOf(roster).filter(({ exitEpoch }) => !Number.isFinite(exitEpoch))
  return stay.map(({ id }) => id)
}

export const retireSomebody: Move = ({ network, random }) => [
  retire(network.at, random.below(network.verifiers.length)),
]

export const withdraw: Move = (scene) => {
  const { network, settling, random } = scene
  const verifier = pick(random, network.verifiers)
  const final = settling.finals.at(-1)
  if (verifier?.tokens === undefined || final === undefined) return []
  const { id, operator, tokens: destination } = verifier
  const leaf = final.entries.slashes[id]
  const proof = leaf === undefined ? [] : final.slashes.proof(id)
  const amount = leaf?.amount ?? 0n
  return [withdrawStake(network.at, { operator, id, destination, amount, detail: ZERO_HASH, proof })]
}
