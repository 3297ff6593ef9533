import { describe, expect, it } from 'vitest'
import type { Call, Values } from './support/encode.ts'
import { localParams, makeNetwork, type Network } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { World } from './support/world.ts'

type Setup = { readonly world: World; readonly network: Network }

/** Epoch 8 runs, 7 is not final yet. */
function setup(): Setup {
  const world = new World()
  const network = makeNetwork(world)
  world.write('Network', network.id, {
    started: 1,
    next_seal: 7n,
    last_final: 6n,
    'starts.3': 970n,
    'starts.0': 1_000n,
  })
  world.setSlot(1_000n)
  return { world, network }
}

function plan({ network }: Setup, changed: Values = {}): Call {
  return {
    name: 'set_params',
    accounts: { authority: network.authority, network: network.id },
    args: { params: { ...localParams, ...changed } },
  }
}

function read({ world, network }: Setup, path: string): string | bigint {
  return world.read('Network', network.id, path)
}

describe('set_params', () => {
  it('takes effect two epochs later', () => {
    const all = setup()
    const { events } = all.world.send(plan(all, { settle_bps: 77 }))
    const fields = { network: all.network.id.toBase58(), from_epoch: 10n }
    expect(events).toEqual([{ name: 'ParamsSet', fields }])
    expect(read(all, 'next_params_from')).toBe(10n)
    expect(read(all, 'next_params.settle_bps')).toBe(77n)
    expect(read(all, 'params.settle_bps')).toBe(50n)
  })

  it('counts from the epoch before until the next begins, and from the first before the start', () => {
    const all = setup()
    all.world.setSlot(999n)
    expect(all.world.send(plan(all)).events[0]?.fields['from_epoch']).toBe(9n)
    const world = new World()
    const before = { world, network: makeNetwork(world) }
    expect(world.send(plan(before)).events[0]?.fields['from_epoch']).toBe(2n)
  })

  it('is refused while a change is pending: until no open epoch has the parameters before it', () => {
    const all = setup()
    const { world, network } = all
    world.send(plan(all, { settle_bps: 77 }))
    expect(world.refusal(plan(all))).toBe('ParamsPending')
    world.write('Network', network.id, {
      next_seal: 10n,
      last_final: 8n,
      'starts.2': 1_060n,
      'starts.3': 1_090n,
    })
    world.setSlot(1_100n)
    expect(world.refusal(plan(all))).toBe('ParamsPending')
    world.write('Network', network.id, { last_final: 9n })
    world.send(plan(all, { settle_bps: 88 }))
    expect(read(all, 'params.settle_bps')).toBe(77n)
    expect(read(all, 'next_params.settle_bps')).toBe(88n)
    expect(read(all, 'next_params_from')).toBe(13n)
  })

  it('lets evidence count for less long, never for longer than it does', () => {
    const all = setup()
    const { world, network } = all
    world.write('Network', network.id, { 'params.evidence_epochs': 30n })
    expect(world.refusal(plan(all, { cooldown_epochs: 31, evidence_epochs: 31 }))).toBe('EvidenceRaised')
    world.send(plan(all, { cooldown_epochs: 30, evidence_epochs: 25 }))
    world.write('Network', network.id, { last_final: 9n, next_seal: 10n })
    // What the last change left counts, not what was there before it.
    expect(world.refusal(plan(all, { cooldown_epochs: 30, evidence_epochs: 26 }))).toBe('EvidenceRaised')
    world.send(plan(all, { cooldown_epochs: 30, evidence_epochs: 25 }))
  })

  it('is refused outside the hard bounds', () => {
    const all = setup()
    const outside: readonly (readonly [Values, string])[] = [
      [{ length: 0 }, 'PhaseTooShort'],
      [{ challenge: 13 }, 'PhasesDontFit'],
      [{ length: 216_001 }, 'EpochTooLong'],
      [{ maturity: 451 }, 'MaturityTooLong'],
      [{ outflow_limit: 0 }, 'OutflowOutOfBounds'],
      [{ max_pause: 0 }, 'PauseTooLong'],
      [{ cooldown_epochs: 19 }, 'CooldownTooShort'],
      [{ carry_epochs: 20 }, 'EvidenceTooShort'],
      [{ bar_epochs: 0 }, 'EpochsOutOfBounds'],
      [{ max_slash_bps: 10_001 }, 'ShareOutOfBounds'],
      [{ checkers: 0 }, 'CountOutOfBounds'],
      [{ min_stake: 0 }, 'AmountOutOfBounds'],
    ]
    for (const [changed, expected] of outside) expect(all.world.refusal(plan(all, changed))).toBe(expected)
  })

  it('is for the authority alone, and refuses every account in another place', () => {
    const all = setup()
    const { expected, actual } = substitutions(all.world, plan(all))
    expect(actual).toEqual(expected)
    const other = makeNetwork(all.world, { name: 2 })
    const call = plan(all)
    const stranger = { ...call, accounts: { ...call.accounts, authority: other.authority } }
    expect(all.world.refusal(stranger)).toBe('NotAuthority')
  })
})
