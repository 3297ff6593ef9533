// Every arena that is played: each standing and each way to cheat, without friends and with each share of them.
import { LOCAL_PARAMS } from '@piecework/protocol'
import type { Size } from '../types.ts'
import { type Arena, type Group, PRICE, type Standing } from './arena.ts'
import type { Reaction } from './cheater.ts'
import { ALL, ALONE, CHEAP_ONES, DEAR_ONES, EXTENTS, type Extent, WITH_FRIENDS } from './strategies.ts'

/** Arenas whose honest twins are one and the same world. */
export interface Scenario {
  readonly title: string
  readonly arenas: readonly Arena[]
  /** With friends, what is sent is worth so much more than what stands behind it that they can make it pay. */
  readonly residual: boolean
}

interface Scale {
  /** Parts per million. */
  readonly rate: number
  readonly verifiers: number
  /** Shares of stake that friends hold. */
  readonly shares: readonly number[]
  readonly epochs: number
  readonly carryEpochs: number
  /** Attackers for a weight of one, and of strategies that come alone. */
  readonly unit: number
  readonly many: number
  /** Networks with inventories that are withheld: there each friend can serve one attacker only. */
  readonly withheldWorlds: number
}

const SCALES: Readonly<Record<Size, Scale>> = {
  short: {
    rate: 200_000,
    verifiers: 20,
    shares: [0.3],
    epochs: 3,
    carryEpochs: 4,
    unit: 1,
    many: 4,
    withheldWorlds: 1,
  },
  full: {
    rate: 50_000,
    verifiers: 60,
    shares: [0.1, 0.2, 0.3],
    epochs: 8,
    carryEpochs: LOCAL_PARAMS.carryEpochs,
    unit: 5,
    many: 50,
    withheldWorlds: 6,
  },
}

interface Setting {
  readonly title: string
  readonly standing: Standing
  readonly extents: readonly Extent[]
  readonly alone: readonly Reaction[]
  readonly unit: number
  readonly residual: boolean
  readonly more?: Pick<Arena, 'capacity' | 'dearPrice' | 'hoards'>
}

export function scenariosOf(size: Size): Scenario[] {
  const scale = SCALES[size]
  return [...settingsOf(size, scale).map((setting) => scenarioOf(setting, scale)), ...withheldOf(scale)]
}

function settingsOf(size: Size, { unit, many }: Scale): Setting[] {
  const common = { alone: ALONE, extents: EXTENTS, unit, residual: false }
  const pairOf = (title: string, more: Pick<Arena, 'dearPrice' | 'hoards'>): Setting => {
    const alone: readonly Reaction[] = ['answers', 'leaves']
    return { ...common, title, standing: 'established', extents: [ALL], alone, unit: many, more }
  }
  const settings: Setting[] = [
    { ...common, title: 'established', standing: 'established' },
    { ...common, title: 'newcomer', standing: 'newcomer', unit: 2 * unit, residual: true },
    { ...common, title: 'throwaway', standing: 'throwaway', residual: true },
    {
      ...common,
      title: 'one node per row',
      standing: 'throwaway',
      extents: [ALL],
      unit: many,
      more: { capacity: 1 },
      residual: true,
    },
    pairOf('hoarded leases', { hoards: 8 }),
  ]
  if (size === 'short') return settings
  return [
    ...settings,
    {
      ...pairOf('some rows worth 100 times', { dearPrice: 100n * PRICE }),
      extents: [DEAR_ONES, CHEAP_ONES, ALL],
    },
    {
      ...pairOf('some rows worth 1,000 times', { dearPrice: 1000n * PRICE }),
      extents: [DEAR_ONES, ALL],
      unit: 2 * many,
      residual: true,
    },
  ]
}

function scenarioOf(
  { title, standing, extents, alone, unit, residual, more }: Setting,
  scale: Scale,
): Scenario {
  const { rate, verifiers, shares, carryEpochs } = scale
  const epochs = scale.epochs + (more?.hoards ?? 0)
  const base = { name: title, standing, rate, verifiers, epochs, carryEpochs, ...more }
  const groupsOf = (reactions: readonly Reaction[], attackers: number): Group[] =>
    extents.flatMap(({ name, fakes, weight }) =>
      reactions.map((reaction) => ({ name, fakes, reaction, attackers: attackers * weight })),
    )
  // As many attackers in all with friends as without, so that their honest twins are one world.
  const withFriends = groupsOf(WITH_FRIENDS, (unit * alone.length) / WITH_FRIENDS.length)
  const arenas = [
    { ...base, friends: 0, groups: groupsOf(alone, unit) },
    ...shares.map((share) => ({ ...base, friends: Math.round(share * verifiers), groups: withFriends })),
  ]
  return { title, arenas, residual }
}

function withheldOf({ shares, withheldWorlds, ...scale }: Scale): Scenario[] {
  const { rate, verifiers, epochs, carryEpochs } = scale
  const base = { standing: 'established', rate, verifiers, epochs, carryEpochs } as const
  return shares.flatMap((share) => {
    const friends = Math.round(share * verifiers)
    // The fewer friends, the more networks: for about as many attackers.
    const worlds = Math.max(1, Math.round((withheldWorlds * Math.min(...shares)) / share))
    return Array.from({ length: worlds }, (_, world): Scenario => {
      const groups: Group[] = [{ ...ALL, reaction: 'withheld', attackers: friends }]
      const name = `withheld ${share} ${world}`
      return { title: 'established', arenas: [{ ...base, name, friends, groups }], residual: false }
    })
  })
}
