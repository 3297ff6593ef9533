// Plays an arena twice, with cheaters and with their honest twins, and says what became of each group.
import { BPS_ONE, type State } from '@piecework/protocol'
import type { Arena, Group } from './arena.ts'
import { Cast } from './cast.ts'
import { type Detection, Watch } from './detection.ts'
import { moneyByOwner, type Pair, type Purse, pursesOf } from './gain.ts'

export interface Outcome {
  readonly arena: Arena
  readonly group: Group
  readonly detection: Detection
  readonly pairs: readonly Pair[]
}

export function playTwin(arena: Arena): readonly Purse[] {
  const cast = new Cast(arena, { honest: true })
  playThrough(cast, () => {})
  return pursesOf(cast)
}

export function play(arena: Arena, twins: readonly Purse[]): Outcome[] {
  const cast = new Cast(arena, { honest: false })
  const watch = new Watch(arena, cast.world.params)
  const bounties = new Bounties(cast)
  playThrough(cast, (before) => {
    watch.see(cast, before)
    bounties.see(before)
  })
  bounties.check()
  const purses = pursesOf(cast)
  return arena.groups.map((group): Outcome => {
    const members = cast.attackers.filter((attacker) => attacker.group === group)
    const pairs = members.flatMap(({ number }) => {
      const own = purses[number]
      const twin = twins[number]
      if (own === undefined || twin === undefined) return []
      const cheater = { ...own, money: own.money + bounties.of(number) }
      return [{ cheater, twin, luck: watch.luckOf(number) }]
    })
    return { arena, group, detection: watch.of(group), pairs }
  })
}

/** Until the last stint is decided: after that nothing can be lost any more but by evidence, and all evidence is out. */
function playThrough(cast: Cast, afterEpoch: (before: State) => void): void {
  const { world, times } = cast
  const end = times.until + world.params.carryEpochs
  while (world.epoch <= end) {
    cast.prepareEpoch()
    const before = world.state
    world.step()
    cast.follow()
    afterEpoch(before)
  }
  if (world.state.carried.length > 0) throw new Error(`${world.state.carried.length} stints are undecided.`)
}

/** What the friend that denounces cheaters is paid for it: it is theirs too. */
class Bounties {
  readonly #cast: Cast
  readonly #byAttacker = new Map<number, number>()

  constructor(cast: Cast) {
    this.#cast = cast
  }

  see(before: State): void {
    const { world, attackers } = this.#cast
    const { state, params } = world
    for (const { number, group, nodes } of attackers) {
      if (group.reaction !== 'denounced') continue
      for (const { contributor } of nodes) {
        const index = contributor.index ?? -1
        const lost = before.nodes[index]
        if (lost === undefined || state.nodes[index]?.failedAt !== state.epoch) continue
        const bounty = ((lost.bond + lost.held) * BigInt(params.bountyBps)) / BPS_ONE
        this.#byAttacker.set(number, this.of(number) + Number(bounty))
      }
    }
  }

  of(number: number): number {
    return this.#byAttacker.get(number) ?? 0
  }

  /** The friend has been paid exactly that. */
  check(): void {
    const { world, denouncer } = this.#cast
    const operator = world.state.verifiers[denouncer]?.operator
    const owner = world.state.owners.findIndex(
      ({ wallet }) => operator !== undefined && Buffer.compare(wallet, operator) === 0,
    )
    const paid = Number(moneyByOwner(world.state)[owner] ?? 0n)
    const counted = [...this.#byAttacker.values()].reduce((sum, one) => sum + one, 0)
    if (paid !== counted) throw new Error(`Bounties of ${counted} were counted, and ${paid} paid.`)
  }
}
