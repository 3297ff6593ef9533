import type { PublicKey } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import { withAccounts, withArgs } from './support/calls.ts'
import type { Call } from './support/encode.ts'
import { type Ledger, makeLedger, zeroHash } from './support/ledger.ts'
import { joinVerifier, makeNetwork, type Network, type Verifier } from './support/network.ts'
import { putRoots } from './support/roots.ts'
import { substitutions } from './support/substitution.ts'
import { balance, makeMint, makeTokens } from './support/tokens.ts'
import { World } from './support/world.ts'

const stake = 1_000_000n
/** maxSlash of the stake. */
const perEpoch = 100_000n
const epoch = 18n

type Setup = { readonly world: World; readonly network: Network; readonly verifiers: readonly Verifier[] }

function setup(): Setup {
  const world = new World()
  const network = makeNetwork(world)
  const verifiers = [joinVerifier(world, network, stake), joinVerifier(world, network, stake)]
  runEpoch(world, network, epoch + 1n)
  return { world, network, verifiers }
}

/** Puts an epoch's work phase at slot 1,000 and after. */
function runEpoch(world: World, network: Network, number: bigint): void {
  const starts = { [`starts.${number % 4n}`]: 1_000n, [`starts.${(number + 1n) % 4n}`]: 2n ** 40n }
  world.write('Network', network.id, { started: 1, next_seal: number, ...starts })
}

function putSlashes(
  { world, network, verifiers }: Setup,
  amounts: readonly bigint[],
  at: bigint = epoch,
): Ledger {
  const leaves = verifiers.map(({ operator }, id) => ({
    amount: amounts[id] ?? 0n,
    owner: operator,
    detail: zeroHash,
  }))
  const ledger = makeLedger(leaves)
  putRoots(world, network, { epoch: at, slashes: ledger.root })
  return ledger
}

function planSlash(
  { network, verifiers }: Setup,
  ledger: Ledger,
  { id, amount }: { id: number; amount: bigint },
): Call {
  const verifier = verifiers[id]?.address
  return {
    name: 'apply_slash',
    accounts: {
      network: network.id,
      roster: network.roster,
      ...(verifier === undefined ? {} : { verifier }),
      mint: network.mint,
      stake_vault: network.stakeVault,
    },
    args: { root_epoch: epoch, amount, detail: zeroHash, proof: ledger.proof(id) },
  }
}

function supply(world: World, mint: PublicKey): bigint {
  return Buffer.from(world.account(mint).data).readBigUInt64LE(36)
}

describe('apply_slash', () => {
  it('burns what the leaf says, and counts it', () => {
    const all = setup()
    const { world, network, verifiers } = all
    const ledger = putSlashes(all, [0n, 30_000n])
    const before = supply(world, network.mint)
    const { events } = world.send(planSlash(all, ledger, { id: 1, amount: 30_000n }))
    const fields = { network: network.id.toBase58(), id: 1n, amount: 30_000n, slashed: 30_000n }
    expect(events).toEqual([{ name: 'Slashed', fields }])
    expect(supply(world, network.mint)).toBe(before - 30_000n)
    expect(balance(world, network.stakeVault)).toBe(2n * stake - 30_000n)
    expect(world.read('Roster', network.roster, 'entries.1.stake')).toBe(stake - 30_000n)
    expect(world.read('Roster', network.roster, 'entries.0.stake')).toBe(stake)
    expect(world.read('Network', network.id, 'totals.staked')).toBe(2n * stake - 30_000n)
    expect(world.read('Network', network.id, 'totals.slashed')).toBe(30_000n)
    expect(world.read('Verifier', verifiers[1]?.address ?? network.id, 'slashed')).toBe(30_000n)
  })

  it('burns at most maxSlash of a stake per epoch, and the rest later', () => {
    const all = setup()
    const { world, network } = all
    const ledger = putSlashes(all, [0n, 150_000n])
    const call = planSlash(all, ledger, { id: 1, amount: 150_000n })
    expect(world.send(call).events[0]?.fields['amount']).toBe(perEpoch)
    expect(world.refusal(call)).toBe('NothingToSlash')
    runEpoch(world, network, epoch + 2n)
    expect(world.send(call).events[0]?.fields).toMatchObject({ amount: 50_000n, slashed: 150_000n })
    expect(world.refusal(call)).toBe('NothingToSlash')
    const more = putSlashes(all, [0n, 240_000n])
    const last = world.send(planSlash(all, more, { id: 1, amount: 240_000n }))
    expect(last.events[0]?.fields['amount']).toBe((stake - perEpoch) / 10n - 50_000n)
  })

  it('takes at least one, so that the last of a stake does not keep the rest from being withdrawn', () => {
    const all = setup()
    const { world, network } = all
    world.write('Roster', network.roster, { 'entries.1.stake': 5n })
    const call = planSlash(all, putSlashes(all, [0n, 2n]), { id: 1, amount: 2n })
    expect(world.send(call).events[0]?.fields['amount']).toBe(1n)
    expect(world.refusal(call)).toBe('NothingToSlash')
    runEpoch(world, network, epoch + 2n)
    expect(world.send(call).events[0]?.fields).toMatchObject({ amount: 1n, slashed: 2n })
  })

  it('takes from a retired verifier what is in its own account', () => {
    const all = setup()
    const { world, network, verifiers } = all
    const address = verifiers[1]?.address ?? network.id
    world.write('Verifier', address, { retired: 1, stake: 200_000n })
    world.write('Roster', network.roster, { count: 1 })
    const ledger = putSlashes(all, [0n, 30_000n])
    world.send(planSlash(all, ledger, { id: 1, amount: 30_000n }))
    expect(world.read('Verifier', address, 'stake')).toBe(180_000n)
    expect(world.read('Verifier', address, 'slash_room')).toBe(0n)
  })

  it('never takes more than is left', () => {
    const all = setup()
    const { world, network, verifiers } = all
    world.write('Verifier', verifiers[1]?.address ?? network.id, {
      slash_epoch: epoch + 1n,
      slash_room: 900n,
    })
    world.write('Roster', network.roster, { 'entries.1.stake': 500n })
    const ledger = putSlashes(all, [0n, 10_000n])
    const call = planSlash(all, ledger, { id: 1, amount: 10_000n })
    expect(world.send(call).events[0]?.fields['amount']).toBe(500n)
    expect(world.refusal(call)).toBe('NothingToSlash')
  })

  it('refuses every account in another place', () => {
    const all = setup()
    const { world, network } = all
    const ledger = putSlashes(all, [5n, 30_000n])
    const call = planSlash(all, ledger, { id: 1, amount: 30_000n })
    const other = makeNetwork(world, { name: 2 })
    const foreign = { roster: other.roster, verifier: joinVerifier(world, other).address }
    const elsewhere = { verifier: [all.verifiers[0]?.address ?? network.id, 'WrongProof'] } as const
    const { expected, actual } = substitutions(world, call, { foreign, elsewhere })
    expect(actual).toEqual(expected)
    const twin = makeTokens(world, { mint: network.mint, owner: network.stakeVault, amount: stake })
    expect(world.refusal(withAccounts(call, { stake_vault: twin }))).toBe('WrongVault')
    expect(world.refusal(withAccounts(call, { stake_vault: network.vault }))).toBe('WrongVault')
    expect(world.refusal(withAccounts(call, { mint: makeMint(world) }))).toBe('WrongMint')
    expect(world.refusal(withAccounts(call, { network: other.id }))).toBe('WrongVault')
  })

  it('wants the leaf of that verifier under a kept root', () => {
    const all = setup()
    const { world } = all
    const ledger = putSlashes(all, [5n, 30_000n])
    const call = planSlash(all, ledger, { id: 1, amount: 30_000n })
    expect(world.refusal(withArgs(call, { amount: 30_001n }))).toBe('WrongProof')
    expect(world.refusal(withArgs(call, { detail: new Uint8Array(32).fill(1) }))).toBe('WrongProof')
    expect(world.refusal(withArgs(call, { proof: ledger.proof(0) }))).toBe('WrongProof')
    expect(world.refusal(withArgs(call, { root_epoch: epoch - 1n }))).toBe('RootNotKept')
    expect(world.refusal(planSlash(all, putSlashes(all, [5n, 0n]), { id: 1, amount: 0n }))).toBe(
      'NothingToSlash',
    )
  })

  it('knows a verifier by the roster until it retires, and goes on during a pause', () => {
    const all = setup()
    const { world, network } = all
    const ledger = putSlashes(all, [5n, 30_000n])
    const call = planSlash(all, ledger, { id: 1, amount: 30_000n })
    world.write('Network', network.id, { pause_until: 2n ** 40n })
    expect(world.refusal(call)).toBe('accepted')
    world.write('Roster', network.roster, { count: 1 })
    expect(world.refusal(call)).toBe('NotInRoster')
  })

  it('keeps its sums within their range', () => {
    const all = setup()
    const { world, network } = all
    const call = planSlash(all, putSlashes(all, [5n, 30_000n]), { id: 1, amount: 30_000n })
    world.write('Network', network.id, { 'totals.slashed': 2n ** 64n - 1n })
    expect(world.refusal(call)).toBe('Overflow')
    world.write('Network', network.id, { 'totals.slashed': 0n, 'totals.staked': 29_999n })
    expect(world.refusal(call)).toBe('Overflow')
  })
})
