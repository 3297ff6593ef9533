// A bond that a job of one's own has paid, spent on cheating in the job of somebody else.
import type { Arena } from '../cheating/arena.ts'
import type { Reaction } from '../cheating/cheater.ts'
import { type Estimate, type Purse, relativeGain } from '../cheating/gain.ts'
import { play, playTwin } from '../cheating/play.ts'
import { ALL } from '../cheating/strategies.ts'

export interface Laundered {
  readonly name: string
  /** Against doing nothing, as a share of what honest work is paid while they cheat; where work costs all it earns. */
  readonly gain: Estimate
}

interface Scale {
  readonly rate: number
  readonly verifiers: number
  readonly launderers: number
}

/** Share of stake. */
const MOST_FRIENDS = 0.3
/** Epochs in the job of somebody else: few, so that what the bond had cost weighs as much as it can. */
const CHEATING_EPOCHS = 2
const CARRY_EPOCHS = 4

const NOBODY = { money: 0, spent: 0, worked: 0 } as const

export function launderEveryWay(scale: Scale): Laundered[] {
  const friends = Math.round(MOST_FRIENDS * scale.verifiers)
  return [...launder(scale, 0, ['answers', 'leaves']), ...launder(scale, friends, ['friends', 'denounced'])]
}

function launder(
  { rate, verifiers, launderers }: Scale,
  friends: number,
  reactions: readonly Reaction[],
): Laundered[] {
  const arena: Arena = {
    name: `laundering ${friends}`,
    standing: 'established',
    rate,
    verifiers,
    friends,
    epochs: CHEATING_EPOCHS,
    carryEpochs: CARRY_EPOCHS,
    launders: true,
    groups: reactions.map((reaction) => ({ ...ALL, reaction, attackers: launderers })),
  }
  const twins = playTwin(arena).map(({ workedMeanwhile }): Purse => ({ ...NOBODY, workedMeanwhile }))
  return play(arena, twins).map(({ group, pairs }) => {
    const name = `p ${friends / verifiers}, ${group.name}, ${group.reaction}`
    return { name, gain: relativeGain(1, pairs) }
  })
}
