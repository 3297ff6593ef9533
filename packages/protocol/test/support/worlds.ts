// Small worlds, followed by hand.
import { type Contributor, type JobPlan, World, type WorldOptions } from '@piecework/testkit'
import type { Applied } from '../../src/apply/apply.ts'
import type { CarriedStint, JobRecord, NodeRecord } from '../../src/state/state.ts'
import type { Workforce } from '../../src/workforce.ts'
import { at } from './chain.ts'

/** So much is vouched for whoever should have a bond for everything that these worlds pay. */
export const TRUSTED = 1_000_000n

/** A world and the one job in it that tests look at. */
export interface Small {
  readonly world: World
  readonly job: number
}

/** A job without fees, so that what is charged is what is paid. */
export const NO_FEES: JobPlan = { verifierBps: 0, settleBps: 0 }

export function smallWorld(options: WorldOptions, plan: JobPlan = {}): Small {
  const world = new World(options)
  return { world, job: world.addJob({ ...NO_FEES, ...plan }) }
}

export function play(world: World, epochs: number): Applied {
  let applied = world.step()
  for (let i = 1; i < epochs; i++) applied = world.step()
  return applied
}

export function nodeOf({ state }: World, { index }: Contributor): NodeRecord {
  return at(state.nodes, index ?? Number.NaN)
}

export function jobOf({ state }: World, job: number): JobRecord {
  return at(state.jobs, job)
}

export function chargedOf(world: World, job: number): bigint {
  return jobOf(world, job).charged
}

/** What the wallet of a contributor can claim. */
export function releasedTo(world: World, contributor: Contributor): bigint {
  const { account } = at(world.state.owners, nodeOf(world, contributor).owner)
  return account < 0 ? 0n : at(world.state.accounts, account).released
}

/** Released, held and in its bond, of a contributor with a wallet of its own. */
export function earnedBy(world: World, contributor: Contributor): bigint {
  const { bond, held } = nodeOf(world, contributor)
  return releasedTo(world, contributor) + bond + held
}

export function commonsOf({ state }: World): bigint {
  return at(state.accounts, 0).released
}

export function carriedOf({ state }: World, { index }: Contributor): CarriedStint[] {
  return state.carried.filter(({ node }) => node === index)
}

/** Nodes that can be dealt something by this workforce. */
export function takers({ kinds, nodes }: Workforce): number[] {
  return [...nodes].filter((_, i) => kinds.some(({ capacities }) => (capacities[i] ?? 0) > 0))
}
