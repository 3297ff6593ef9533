import { type Epoch, type NetworkState, type Params, readNetwork, type Seat } from '@piecework/chain'
import { localParams, memoryHarness, TestNetwork } from '@piecework/testkit/settlement'
import { beforeAll, describe, expect, it } from 'vitest'
import { cranksDue, pagesNeeded } from '../src/due.ts'
import { windowsAt } from '../src/windows.ts'

const PARAMS: Params = localParams({ inactiveEpochs: 2 })
const STAKES = [100n, 200n, 300n, 400n].map((stake) => stake * 10n)
/** S_{e+1} of the epoch that is looked at. */
const END = 1_000

let started: NetworkState

beforeAll(async () => {
  const network = new TestNetwork(memoryHarness(), STAKES)
  await network.begin(PARAMS)
  started = (await readNetwork(network.chain)).value
})

const filled = new Uint8Array(32).fill(1)

/** The started network with epoch 0 changed. */
function state(changed: Partial<Epoch>, network: Partial<NetworkState['network']> = {}): NetworkState {
  const [epoch] = started.epochs.filter(({ number }) => number === 0)
  if (epoch === undefined) throw new Error('epoch 0 is there from the start')
  const epochs = [{ ...epoch, endsAt: END, target: Infinity, ...changed }]
  return { ...started, network: { ...started.network, ...network }, epochs }
}

const open = (changed: Partial<Epoch> = {}, network: Partial<NetworkState['network']> = {}) =>
  state({ state: 'open', ...changed }, network)

/** Sealed in slot 2,000: commits from 2,008, reveals from 2,011, rounds from 2,013. */
const sealed = (changed: Partial<Epoch> = {}, network: Partial<NetworkState['network']> = {}) =>
  state(
    {
      state: 'sealed',
      sealedSlot: 2_000,
      roundFrom: 2_013,
      seats: seatsActive([2_000, 2_000, 2_000, 2_000]),
      ...changed,
    },
    { nextSeal: 1, ...network },
  )

const due = (value: NetworkState, slot: number) => cranksDue({ slot: slot - 1, value })
function seatsActive(slots: readonly number[]): readonly Seat[] {
  const seats = started.epochs.find(({ number }) => number === 0)?.seats ?? []
  return seats.map((seat, place) => ({ ...seat, activeSlot: slots[place] ?? 0 }))
}

describe('an epoch is sealed', () => {
  it('once the slot of its target is over', () => {
    const value = open({ target: END + 5, quorumSlot: END + 3 })
    expect(due(value, END + 5)).toEqual([])
    expect(due(value, END + 6)).toEqual([{ what: 'seal', number: 0, target: END + 5 }])
  })

  it('not while nobody knows its target, and not twice', () => {
    expect(due(open({ quorumSlot: END + 3 }), END + 500)).toEqual([])
    expect(due(open({ target: END + 5, quorumSlot: 3 }, { nextSeal: 1 }), END + 6)).toEqual([])
    expect(due(sealed({ target: END + 5 }), 2_001)).toEqual([])
  })
})

describe('a round ends', () => {
  it('when its slots are over without a quorum', () => {
    expect(due(sealed(), 2_016)).toEqual([])
    expect(due(sealed(), 2_017)).toEqual([{ what: 'round', number: 0, round: 0 }])
    expect(due(sealed({ round: 3, roundFrom: 2_040 }), 2_044)).toEqual([
      { what: 'round', number: 0, round: 3 },
    ])
  })

  it('with a final root when it has a quorum and the dispute is over', () => {
    const voted = sealed({ votedSlot: 2_015 })
    expect(due(voted, 2_017)).toEqual([])
    expect(due(voted, 2_018)).toEqual([{ what: 'final', number: 0, round: 0 }])
  })

  it('not with a final root while the network is paused', () => {
    const paused = sealed({ votedSlot: 2_015 }, { pauseUntil: 2_050 })
    expect(due(paused, 2_049)).toEqual([])
    expect(due(paused, 2_050)).toEqual([{ what: 'final', number: 0, round: 0 }])
  })

  it('for the epoch after the last final one alone', () => {
    expect(due(sealed({}, { lastFinal: 0 }), 3_000)).toEqual([])
    expect(due(sealed({ votedSlot: 2_015 }, { lastFinal: 0 }), 3_000)).toEqual([])
  })
})

describe('seats are dropped', () => {
  const patience = 2 * PARAMS.length

  it('when they held up the inventories for so long', () => {
    const seats = seatsActive([END, END, END + 1, END + 50])
    const waiting = open({ seats, inventoryMask: 0b0010n })
    expect(due(waiting, END + patience - 1)).toEqual([])
    expect(due(waiting, END + patience)).toEqual([{ what: 'drop', number: 0, seats: 0b0001n }])
    expect(due(waiting, END + patience + 1)).toEqual([{ what: 'drop', number: 0, seats: 0b0101n }])
  })

  it('not while inventories can still come, and not when there are enough', () => {
    const seats = seatsActive([0, 0, 0, 0])
    expect(due(open({ seats }), END + 4)).toEqual([])
    expect(due(open({ seats }), END + 5)).toMatchObject([{ what: 'drop' }])
    expect(due(open({ seats, quorumSlot: END + 3 }), END + 500)).toEqual([])
  })

  it('those that were gone longest first, and never so that less than half of the stake counts', () => {
    const seats = seatsActive([4, 3, 2, 1])
    // 400 of 1,000 go; 300 more would leave 300; 200 and 100 too would leave less than half.
    expect(due(open({ seats }), END + 500)).toEqual([{ what: 'drop', number: 0, seats: 0b1001n }])
    expect(due(open({ seats: seatsActive([1, 2, 3, 4]) }), END + 500)).toEqual([
      { what: 'drop', number: 0, seats: 0b0011n },
    ])
    const already = { stakeCounted: 5_000n, droppedMask: 0b0011n }
    expect(due(open({ seats, ...already, stakeTotal: 10_000n }), END + 500)).toEqual([])
  })

  it('when they held up the votes, counted from where they could vote', () => {
    const seats = seatsActive([0, 0, 0, 0])
    const waiting = sealed({ seats, inventoryMask: 0b0001n, voteMask: 0b0010n, roundFrom: 2_013 })
    const dropped = (slot: number) => due(waiting, slot).filter(({ what }) => what === 'drop')
    expect(dropped(2_016)).toEqual([])
    expect(dropped(2_017)).toEqual([{ what: 'drop', number: 0, seats: 0b0100n }])
    expect(dropped(2_013 + patience)).toEqual([{ what: 'drop', number: 0, seats: 0b0101n }])
    expect(due(sealed({ seats, votedSlot: 2_015 }), 2_018)).toEqual([{ what: 'final', number: 0, round: 0 }])
  })

  it('not for what a pause kept them from', () => {
    const seats = seatsActive([0, 0, 0, 0])
    expect(due(open({ seats }, { pauseUntil: END }), END + 10)).toEqual([])
  })
})

describe('claim pages', () => {
  it('are needed as far as the accounts of the newest root reach', () => {
    const root = started.network.roots[0]
    if (root === undefined) throw new Error('roots are there, empty')
    const withCount = (count: number) => ({
      ...started.network,
      lastFinal: 0,
      roots: [{ ...root, epoch: 0, accounts: { ...root.accounts, count } }],
    })
    expect([0, 1, 1_024, 1_025].map((count) => pagesNeeded(withCount(count)))).toEqual([0, 1, 1, 2])
    expect(pagesNeeded(started.network)).toBe(0)
  })
})

describe('what the chain takes', () => {
  const taken = (value: NetworkState, slot: number) =>
    windowsAt(value, slot).map(({ what, missing }) => [what, missing.map(({ id }) => id)])

  it('is inventories from the end of work until the target', () => {
    const value = open({ target: END + 20, inventoryMask: 0b0100n })
    expect(taken(value, END - 1)).toEqual([])
    expect(taken(value, END)).toEqual([['inventory', [0, 1, 3]]])
    expect(taken(value, END + 19)).toEqual([['inventory', [0, 1, 3]]])
    expect(taken(value, END + 20)).toEqual([])
  })

  it('is commits in their slots', () => {
    const value = sealed({ commitMask: 0b1000n })
    expect(taken(value, 2_007)).toEqual([])
    expect(taken(value, 2_008)).toEqual([['commit', [0, 1, 2]]])
    expect(taken(value, 2_010)).toEqual([['commit', [0, 1, 2]]])
    expect(taken(value, 2_011)).toEqual([])
  })

  it('is one proposal, then votes until they are enough', () => {
    const [proposal] = windowsAt(sealed(), 2_013)
    expect(proposal).toMatchObject({ what: 'proposal' })
    expect(proposal?.missing).toHaveLength(1)
    const epoch = sealed().epochs[0]
    if (epoch === undefined) throw new Error('it is there')
    const candidate = { ...epoch.candidate, attestation: filled }
    expect(taken(sealed({ candidate, voteMask: 0b0011n }), 2_014)).toEqual([['vote', [2, 3]]])
    expect(taken(sealed({ candidate, voteMask: 0b0011n }), 2_500)).toEqual([['vote', [2, 3]]])
    expect(taken(sealed({ candidate, votedSlot: 2_014 }), 2_015)).toEqual([])
    expect(taken(sealed({ candidate }, { lastFinal: 0 }), 2_014)).toEqual([])
  })

  it('is nothing of an epoch that is final or not begun', () => {
    expect([taken(state({ state: 'final' }), 5_000), taken(state({ state: 'empty' }), 5_000)]).toEqual([
      [],
      [],
    ])
  })

  it('is taken one by one from half of its phase on', () => {
    const halves = [windowsAt(open(), END), windowsAt(sealed(), 2_008), windowsAt(sealed(), 2_013)]
    expect(halves.map(([window]) => window?.halfway)).toEqual([END + 3.5, 2_009.5, 2_015])
  })
})
