// How a verifier leaves, and gets its stake back.
import type { PublicKey } from '@solana/web3.js'
import type { Call } from './encode.ts'
import { type Running, startedNetwork, toFinal } from './epochs.ts'
import { makeLedger, type WholeLedger, zeroHash } from './ledger.ts'
import type { Network, Verifier } from './network.ts'
import { makeTokens } from './tokens.ts'
import { World } from './world.ts'

export const million = 1_000_000n
/** cooldown_epochs of the local preset. */
export const cooldown = 20n

export function verifierAt({ verifiers }: Pick<Running, 'verifiers'>, place: number): Verifier {
  const verifier = verifiers[place]
  if (verifier === undefined) throw new Error(`no verifier ${place}`)
  return verifier
}

export function leaveCall(network: Network, { operator, address }: Verifier): Call {
  const accounts = { operator, network: network.id, roster: network.roster, verifier: address }
  return { name: 'leave_roster', accounts }
}

export function retireCall(network: Network, { address }: Verifier): Call {
  return {
    name: 'retire',
    accounts: { network: network.id, roster: network.roster, verifier: address },
  }
}

/** A network of three in which the first has left, with every epoch of its final. */
export function leftNetwork(): Running {
  const running = startedNetwork(new World(), [3n * million, million, million])
  const { world, network } = running
  world.send(leaveCall(network, verifierAt(running, 0)))
  toFinal(running, 0n)
  toFinal(running, 1n)
  return running
}

/** A slashes ledger in which each verifier has this amount. */
export function slashesLedger({ verifiers }: Running, amounts: readonly bigint[]): WholeLedger {
  return makeLedger(
    amounts.map((amount, id) => ({
      amount,
      owner: verifierAt({ verifiers }, id).operator,
      detail: zeroHash,
    })),
  )
}

export type Withdrawal = {
  readonly verifier: Verifier
  readonly destination?: PublicKey
  /** When the ledger of the latest root reaches the verifier. */
  readonly slashes?: WholeLedger
}

export function withdrawCall(world: World, network: Network, withdrawal: Withdrawal): Call {
  const { verifier, slashes } = withdrawal
  return {
    name: 'withdraw_stake',
    accounts: {
      operator: verifier.operator,
      network: network.id,
      verifier: verifier.address,
      stake_vault: network.stakeVault,
      destination:
        withdrawal.destination ?? makeTokens(world, { mint: network.mint, owner: verifier.operator }),
    },
    args: {
      amount: slashes?.leaves[verifier.id]?.amount ?? 0n,
      detail: zeroHash,
      proof: slashes?.proof(verifier.id) ?? [],
    },
  }
}
