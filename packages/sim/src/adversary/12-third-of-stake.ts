// Adversary 12: a third of stake, less a little, in one hand. It omits, lies, slanders, helps those who fake, and whenever
// it proposes it chooses which of its own inventories and reports count, once it has seen the draw.
import { type Applied, type Due, type Epoch, NEVER, surveyEpoch } from '@piecework/protocol'
import { SeededRandom } from '@piecework/testkit'
import { atLeast, atMost, type Measured } from '../bench/types.ts'
import { CARRY_EPOCHS, type Cast, COLLUDERS, castOf, HONEST, PRICE } from './colluding/cast.ts'
import { chosen, forged, isVotedFor, type Proposal, slander } from './colluding/proposals.ts'
import type { Adversary, Size } from './types.ts'

const SEEDS: Readonly<Record<Size, number>> = { short: 40, full: 1_000 }
const EPOCHS = 3
/** Everything that was carried is decided by then. */
const AFTERWARDS = CARRY_EPOCHS + 2

class Tally {
  proposals = 0
  wrongRoots = 0
  refusedChoices = 0
  /** Stints of nothing but fakes that were paid: because colluders were drawn as enough of the checkers, or without. */
  fakesPaidByDraw = 0
  fakesPaidOtherwise = 0
  fakes = 0
  honestFailed = 0
  honestSlashed = 0
  honestRows = 0
  honestRowsPaid = 0
}

/** More than two thirds of stake: colluders vote for whatever suits them. */
function isFinal(epoch: Epoch, proposal: Proposal): boolean {
  const voters = isVotedFor(epoch, proposal) ? [...COLLUDERS, ...HONEST] : COLLUDERS
  const { snapshot } = epoch.facts
  const total = snapshot.reduce((sum, { stake }) => sum + stake, 0n)
  const voted = snapshot.reduce((sum, { id, stake }) => sum + (voters.includes(id) ? stake : 0n), 0n)
  return 3n * voted > 2n * total
}

function play(name: string, tally: Tally): void {
  const random = new SeededRandom(name)
  const cast = castOf(name, random)
  const { world } = cast
  for (let i = 0; i < EPOCHS; i++) {
    const epoch = slander(world.prepare(), random, cast.isHonest)
    for (const proposal of forged(epoch, random)) {
      tally.proposals += 1
      if (isFinal(epoch, proposal)) tally.wrongRoots += 1
    }
    const choice = chosen(epoch, random)
    tally.proposals += 1
    if (!isFinal(epoch, choice)) tally.refusedChoices += 1
    const accepted: Epoch = { ...epoch, inputs: choice.inputs }
    countFakes(tally, cast, { due: surveyEpoch(accepted), applied: world.apply(accepted) })
  }
  world.closeJob(0)
  for (let i = 0; i < AFTERWARDS; i++) {
    const epoch = world.prepare()
    const { inputs } = chosen(epoch, random)
    const accepted: Epoch = { ...epoch, inputs }
    countFakes(tally, cast, { due: surveyEpoch(accepted), applied: world.apply(accepted) })
  }
  countHonest(tally, cast)
}

interface Decided {
  readonly due: readonly Due[]
  readonly applied: Applied
}

function countFakes(tally: Tally, { isHonest }: Cast, { due, applied }: Decided): void {
  const { nodes, carried, epoch } = applied.state
  for (const one of due) {
    const { node } = one.stint
    if (isHonest(node)) continue
    const isCarried = carried.some((stint) => stint.node === node && stint.epoch === one.stint.epoch)
    if (isCarried) continue
    tally.fakes += 1
    if (nodes[node]?.failedAt === epoch) continue
    if (enoughOfThem(one)) tally.fakesPaidByDraw += 1
    else tally.fakesPaidOtherwise += 1
  }
}

/** Whether colluders among the checkers agree as often as the rule asks for. */
function enoughOfThem({ checkers, rule }: Due): boolean {
  const theirs = checkers.filter((id) => COLLUDERS.includes(id)).length
  if (rule === 'half') return 2 * theirs > checkers.length
  if (rule === 'all') return theirs === checkers.length
  return rule === 'two thirds' && 3 * theirs > 2 * checkers.length
}

function countHonest(tally: Tally, { world, isHonest }: Cast): void {
  const { state } = world
  for (const [node, { failedAt, owner, bond, held }] of state.nodes.entries()) {
    if (!isHonest(node)) continue
    if (failedAt !== NEVER) tally.honestFailed += 1
    const released = state.accounts[state.owners[owner]?.account ?? NEVER]?.released ?? 0n
    tally.honestRowsPaid += Number((released + bond + held) / PRICE)
    const sent = [...(world.contributors[node]?.sent.values() ?? [])].flatMap(({ batches }) => batches)
    tally.honestRows += sent.reduce((sum, { rowCount }) => sum + rowCount, 0)
  }
  tally.honestSlashed += HONEST.filter((id) => (state.verifiers[id]?.slashed ?? 0n) > 0n).length
}

function run(size: Size): Measured {
  const tally = new Tally()
  for (let seed = 0; seed < SEEDS[size]; seed++) play(`third of stake ${seed}`, tally)
  const { proposals, wrongRoots, refusedChoices, fakes, fakesPaidByDraw, fakesPaidOtherwise } = tally
  const { honestFailed, honestSlashed, honestRows, honestRowsPaid } = tally
  return {
    figures: {
      seeds: SEEDS[size],
      proposals,
      'stints of fakes decided': fakes,
      'of these paid, because they were drawn as enough of the checkers': fakesPaidByDraw,
      'honest rows': honestRows,
    },
    bars: [
      atMost('wrong roots with enough votes', wrongRoots, 0),
      atMost('choices within the rules that honest verifiers refuse', refusedChoices, 0),
      atMost('fakes paid by any other way than the draw of checkers', fakesPaidOtherwise, 0),
      atMost('honest nodes failed', honestFailed, 0),
      atMost('honest verifiers slashed', honestSlashed, 0),
      atLeast('share of honest rows paid', honestRowsPaid / honestRows, 1),
    ],
  }
}

export const adversary: Adversary = {
  number: 12,
  name: 'third of stake',
  about: '33 % of stake colludes and proposes: no wrong root, no honest node failed, no admitted batch lost.',
  run: async (size) => run(size),
}
