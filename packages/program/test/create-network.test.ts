import { PublicKey } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import type { Call, Values } from './support/encode.ts'
import { localParams, planNetwork } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { makeMint } from './support/tokens.ts'
import { World } from './support/world.ts'

const world = new World()
const { network, call } = planNetwork(world)

describe('create_network', () => {
  it('makes the network with its roster, epochs and vaults', () => {
    const world = new World()
    const { network, call } = planNetwork(world)
    const { events } = world.send(call)
    expect(events).toEqual([
      {
        name: 'NetworkCreated',
        fields: {
          network: network.id.toBase58(),
          authority: network.authority.toBase58(),
          mint: network.mint.toBase58(),
        },
      },
    ])
    const read = (path: string) => world.read('Network', network.id, path)
    expect(read('authority')).toBe(network.authority.toBase58())
    expect(read('vault')).toBe(network.vault.toBase58())
    expect(read('stake_vault')).toBe(network.stakeVault.toBase58())
    expect(read('params.length')).toBe(30n)
    expect(read('next_params_from')).toBe(2n ** 63n - 1n)
    expect(read('last_final')).toBe(-1n)
    expect(world.read('Roster', network.roster, 'network')).toBe(network.id.toBase58())
    network.epochs.forEach((epoch, ring) => {
      expect(world.read('Epoch', epoch, 'ring')).toBe(BigInt(ring))
      expect(world.read('Epoch', epoch, 'number')).toBe(BigInt(ring - 8))
    })
  })

  it('refuses every account in another place', () => {
    const { expected, actual } = substitutions(world, call)
    expect(actual).toEqual(expected)
  })

  it('refuses to make a network twice', () => {
    const world = new World()
    const { call } = planNetwork(world)
    world.send(call)
    expect(world.refusal(call)).toBe('AlreadyExists')
  })

  it('refuses what is no mint of the classic token program', () => {
    const mint = makeMint(world)
    const bytes = world.account(mint)
    const withMint = (): string => world.refusal({ ...call, accounts: { ...call.accounts, mint } })
    expect(withMint()).toBe('accepted')
    world.setAccount(mint, { ...bytes, owner: network.id })
    expect(withMint()).toBe('WrongMint')
    world.setAccount(mint, { ...bytes, data: new Uint8Array(bytes.data.length) })
    expect(withMint()).toBe('WrongMint')
    world.setAccount(mint, { ...bytes, data: bytes.data.subarray(1) })
    expect(withMint()).toBe('WrongMint')
  })

  it('refuses wrapped SOL, which cannot be burned', () => {
    const native = new PublicKey('So11111111111111111111111111111111111111112')
    world.setAccount(native, world.account(network.mint))
    const withNative = { ...call, accounts: { ...call.accounts, mint: native } }
    expect(world.refusal(withNative)).toBe('WrongMint')
  })

  const bounds: readonly (readonly [string, Values, string])[] = [
    ['a length of zero', { length: 0 }, 'PhaseTooShort'],
    ['a phase of zero', { dispute: 0 }, 'PhaseTooShort'],
    ['an endless epoch', { length: 216_001 }, 'EpochTooLong'],
    ['phases that just fit', { challenge: 12 }, 'accepted'],
    ['phases that do not', { challenge: 13 }, 'PhasesDontFit'],
    ['phases that overflow', { challenge: 2 ** 32 - 1, round: 2 ** 32 - 1 }, 'PhasesDontFit'],
    ['the longest maturity', { maturity: 450 }, 'accepted'],
    ['a longer one', { maturity: 451 }, 'MaturityTooLong'],
    ['no outflow', { outflow_limit: 0 }, 'OutflowOutOfBounds'],
    ['no window', { outflow_window: 0 }, 'OutflowOutOfBounds'],
    ['an endless window', { outflow_window: 1_512_001 }, 'OutflowOutOfBounds'],
    ['no pause', { max_pause: 0 }, 'PauseTooLong'],
    ['an endless pause', { max_pause: 1_512_001 }, 'PauseTooLong'],
    ['a short cooldown', { cooldown_epochs: 19 }, 'CooldownTooShort'],
    ['evidence within the carry', { carry_epochs: 20 }, 'EvidenceTooShort'],
    ['no epochs', { idle_epochs: 0 }, 'EpochsOutOfBounds'],
    ['too many epochs', { bar_epochs: 1_000_001 }, 'EpochsOutOfBounds'],
    ['a cooldown of eight weeks', { cooldown_epochs: 403_200 }, 'accepted'],
    ['a longer cooldown', { cooldown_epochs: 403_201 }, 'EpochsOutOfBounds'],
    ['a longer cooldown, as epochs are', { length: 216_000, cooldown_epochs: 57 }, 'EpochsOutOfBounds'],
    ['a share above one', { max_slash_bps: 10_001 }, 'ShareOutOfBounds'],
    ['a bounty above a tenth', { bounty_bps: 1_001 }, 'ShareOutOfBounds'],
    ['a rate of zero', { rate_ppm: 0 }, 'ShareOutOfBounds'],
    ['a rate above one', { rate_ppm: 1_000_001 }, 'ShareOutOfBounds'],
    ['no checkers', { checkers: 0 }, 'CountOutOfBounds'],
    ['more checkers than seats', { checkers: 65 }, 'CountOutOfBounds'],
    ['no trial', { trial_rows: 0 }, 'CountOutOfBounds'],
    ['no enrolments', { max_enrolments: 0 }, 'CountOutOfBounds'],
    ['an endless stamp', { stamp_bits: 41 }, 'CountOutOfBounds'],
    ['no least deposit', { min_deposit: 0 }, 'AmountOutOfBounds'],
    ['no least stake', { min_stake: 0 }, 'AmountOutOfBounds'],
  ]
  it.each(bounds)('%s', (_, params, expected) => {
    const changed: Call = { ...call, args: { ...call.args, params: { ...localParams, ...params } } }
    expect(world.refusal(changed)).toBe(expected)
  })
})
