// What a claim costs, on the network and in bytes, against the bars of the design.
import type { PublicKey } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import { type Account, fillVault, type Paid, pageOf, planClaim, planPage } from './support/accounts.ts'
import { accountDetail, makeDeepLedger } from './support/ledger.ts'
import { makeNetwork, type Network } from './support/network.ts'
import { putRoots } from './support/roots.ts'
import { associated, balance, createAssociated, makeTokens } from './support/tokens.ts'
import { World } from './support/world.ts'

const epoch = 18n
const mostComputeUnits = 6_500n
const mostBytes = 960
const mostRentPerAccount = 60_000n
const pageEntries = 1_024n

type Setup = { readonly world: World; readonly network: Network; readonly paid: Paid; readonly index: number }

/** One account of a full page, in a ledger of this depth. */
function setup(depth: number, owner?: PublicKey): Setup {
  const world = new World()
  const network = makeNetwork(world)
  const index = 2 ** depth - 7
  const account = { owner: owner ?? world.feePayer, amount: 1_000n, maxFee: 30n }
  const leaf = { ...account, detail: accountDetail(0n, account.maxFee) }
  const ledger = makeDeepLedger(leaf, { index, depth })
  putRoots(world, network, { epoch, accounts: ledger.root, jobs: ledger.root })
  fillVault(world, network, 1_000_000n)
  world.send(planPage(world, network, Math.floor(index / Number(pageEntries))))
  const accounts: Account[] = []
  accounts[index] = account
  return { world, network, index, paid: { network, accounts, ledger, epoch } }
}

describe('a claim under a ledger of 65,536 accounts', () => {
  it('stays below its bars when the wallet signs', () => {
    const { world, network, paid, index } = setup(16)
    const to = makeTokens(world, { mint: network.mint, owner: world.feePayer })
    const { computeUnits, bytes } = world.send(planClaim(world, paid, { index, to }))
    expect(computeUnits).toBeLessThanOrEqual(mostComputeUnits)
    expect(bytes).toBeLessThanOrEqual(mostBytes)
  })

  it('stays below it when somebody carries it', () => {
    const owner = new World().key()
    const { world, network, paid, index } = setup(16, owner)
    makeTokens(world, { mint: network.mint, owner, at: associated(network.mint, owner)[0] })
    expect(world.send(planClaim(world, paid, { index })).computeUnits).toBeLessThanOrEqual(mostComputeUnits)
  })
})

describe('a first claim', () => {
  it('makes the token account in the same transaction, up to a ledger of depth 17', () => {
    const owner = new World().key()
    const { world, network, paid, index } = setup(17, owner)
    const carrier = { tokens: makeTokens(world, { mint: network.mint, owner: world.feePayer }), fee: 30n }
    const create = createAssociated(world.feePayer, network.mint, owner)
    world.send(create, planClaim(world, paid, { index, carrier }))
    expect(balance(world, associated(network.mint, owner)[0])).toBe(970n)
    expect(balance(world, carrier.tokens)).toBe(30n)
  })
})

describe('a page', () => {
  it('costs little rent for each account on it', () => {
    const { world, network, index } = setup(16)
    const number = Math.floor(index / Number(pageEntries))
    const { lamports } = world.account(pageOf(world, network, number))
    expect(lamports / pageEntries).toBeLessThanOrEqual(mostRentPerAccount)
  })
})
