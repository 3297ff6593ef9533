// Builds networks with verifiers.
import type { PublicKey } from '@solana/web3.js'
import type { Call, Values } from './encode.ts'
import { makeMint, makeTokens } from './tokens.ts'
import type { World } from './world.ts'

/** The local preset of the protocol. */
export const localParams: Values = {
  min_deposit: 1_000n,
  min_stake: 1_000_000n,
  max_claim_fee: 10_000n,
  outflow_limit: 1_000_000_000n,
  length: 30,
  grace: 2,
  inventory: 3,
  margin: 1,
  challenge: 8,
  commit: 3,
  reveal: 2,
  round: 4,
  dispute: 3,
  maturity: 300,
  outflow_window: 3_000,
  max_pause: 600,
  cooldown_epochs: 20,
  inactive_epochs: 5,
  evidence_epochs: 20,
  carry_epochs: 10,
  bar_epochs: 20,
  idle_epochs: 100,
  judge_epochs: 4,
  appeal_epochs: 10,
  retain_epochs: 100,
  max_enrolments: 1_000,
  trial_rows: 5,
  rate_ppm: 200_000,
  verifier_bps: 1_500,
  settle_bps: 50,
  bounty_bps: 1_000,
  max_slash_bps: 1_000,
  slash_reveals_bps: 1_000,
  slash_trace_bps: 1_000,
  slash_evidence_bps: 1_000,
  checkers: 3,
  stamp_bits: 10,
  kinds_hash: new Uint8Array(32).fill(9),
}

export type Network = {
  readonly id: PublicKey
  readonly authority: PublicKey
  readonly mint: PublicKey
  readonly roster: PublicKey
  readonly epochs: readonly [PublicKey, PublicKey, PublicKey, PublicKey]
  readonly vault: PublicKey
  readonly stakeVault: PublicKey
}

export type NetworkOptions = {
  readonly authority?: PublicKey
  readonly mint?: PublicKey
  readonly name?: number
  readonly params?: Values
}

export function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

export function u64(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}

/** The addresses of a network, and the call that makes it. */
export function planNetwork(world: World, options: NetworkOptions = {}): { network: Network; call: Call } {
  const authority = options.authority ?? world.funded()
  const mint = options.mint ?? makeMint(world)
  const nameHash = new Uint8Array(32).fill(options.name ?? 1)
  const id = world.pda('network', authority, nameHash)
  const epoch = (ring: number): PublicKey => world.pda('epoch', id, Uint8Array.of(ring))
  const network: Network = {
    id,
    authority,
    mint,
    roster: world.pda('roster', id),
    epochs: [epoch(0), epoch(1), epoch(2), epoch(3)],
    vault: world.pda('vault', id),
    stakeVault: world.pda('stake', id),
  }
  const call: Call = {
    name: 'create_network',
    accounts: {
      creator: authority,
      network: id,
      roster: network.roster,
      epoch_0: network.epochs[0],
      epoch_1: network.epochs[1],
      epoch_2: network.epochs[2],
      epoch_3: network.epochs[3],
      vault: network.vault,
      stake_vault: network.stakeVault,
      mint,
    },
    args: {
      name_hash: nameHash,
      genesis_hash: new Uint8Array(32).fill(5),
      params: { ...localParams, ...options.params },
    },
  }
  return { network, call }
}

export function makeNetwork(world: World, options: NetworkOptions = {}): Network {
  const { network, call } = planNetwork(world, options)
  world.send(call)
  return network
}

export type Verifier = {
  readonly id: number
  readonly address: PublicKey
  readonly operator: PublicKey
  readonly voteKey: PublicKey
  readonly tokens: PublicKey
}

/** The next verifier of a network, and the call by which it joins. */
export function planVerifier(
  world: World,
  network: Network,
  stake: bigint,
): { verifier: Verifier; call: Call } {
  const id = Number(world.integer('Network', network.id, 'next_verifier'))
  const operator = world.funded()
  const verifier: Verifier = {
    id,
    address: world.pda('verifier', network.id, u32(id)),
    operator,
    voteKey: world.key(),
    tokens: makeTokens(world, { mint: network.mint, owner: operator, amount: stake }),
  }
  const call: Call = {
    name: 'join_roster',
    accounts: {
      payer: world.funded(),
      operator,
      vote_key: verifier.voteKey,
      network: network.id,
      roster: network.roster,
      verifier: verifier.address,
      operator_tokens: verifier.tokens,
      stake_vault: network.stakeVault,
    },
    args: { stake },
  }
  return { verifier, call }
}

export function joinVerifier(world: World, network: Network, stake = 1_000_000n): Verifier {
  const { verifier, call } = planVerifier(world, network, stake)
  world.send(call)
  return verifier
}
