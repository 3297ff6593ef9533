// Adversary 21: a relayer that is asked to sign anything else than the claim of who is owed it. It takes no transactions
// at all, only leaves with proofs; so whatever it is asked, it refuses, or signs what the wallet's owner wanted anyway.
import { ASSOCIATED_TOKEN_PROGRAM, claimForm, readInstruction, type SendRequest } from '@piecework/chain'
import { NetworkError, protocols, type RelayAnswer } from '@piecework/network'
import { SeededRandom } from '@piecework/testkit/random'
import { atLeast, atMost, type Measured } from '../bench/types.ts'
import { CASES, honestBytes, PAID, raw } from './relayer/cases.ts'
import { RelayWorld, settled } from './relayer/world.ts'
import type { Adversary, Size } from './types.ts'

/** Honest questions with one bit changed, on top of the list. */
const FLIPS: Readonly<Record<Size, number>> = { short: 300, full: 20_000 }
/** The list has at least so many. */
const LEAST_CASES = 30
/** So many slots an honest claim takes to be confirmed. */
const SLOTS = 4
/** Wallets whose honest claims are carried: before, between and after the attacks. */
const HONEST = [PAID, 4, 5] as const

interface Tally {
  refused: number
  withReason: number
  /** Transactions that the settler signed while it was attacked. */
  signed: number
  readonly open: string[]
}

async function run(size: Size): Promise<Measured> {
  const world = await RelayWorld.begin()
  try {
    const tally: Tally = { refused: 0, withReason: 0, signed: 0, open: [] }
    const flips = { asked: 0, refused: 0, signed: 0 }
    let carried = await carry(world, HONEST[0])
    for (const { name, ask } of CASES) await attack(world, { name, ask: () => ask(world) }, tally)
    carried += await carry(world, HONEST[1])
    await flip(world, FLIPS[size], flips)
    carried += await carry(world, HONEST[2])
    const other = world.signed.filter((request) => !isClaim(world, request)).length
    return {
      figures: { 'bits flipped': flips.asked, 'not refused': tally.open.join(', ') || 'none' },
      bars: [
        atLeast('cases', CASES.length, LEAST_CASES),
        atLeast('cases refused', tally.refused, CASES.length),
        atLeast('refused with a reason', tally.withReason, CASES.length),
        atLeast('flipped bits refused', flips.refused, flips.asked),
        atMost('signed for an attacker', tally.signed + flips.signed, 0),
        atMost('signed and no claim', other, 0),
        atLeast('honest claims carried', carried, HONEST.length),
      ],
    }
  } finally {
    await world.stop()
  }
}

interface Attack {
  readonly name: string
  readonly ask: () => Promise<unknown>
}

async function attack(world: RelayWorld, { name, ask }: Attack, tally: Tally): Promise<void> {
  const before = world.signed.length
  const reason = await refusal(ask())
  tally.signed += world.signed.length - before
  if (reason === undefined) tally.open.push(name)
  else tally.refused++
  if (reason !== undefined && reason.length > 0) tally.withReason++
}

/** What it says against it; undefined when it was done, or is being done. */
async function refusal(answer: Promise<unknown>): Promise<string | undefined> {
  const refused = answer.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof NetworkError) return error.message
      throw error
    },
  )
  // Slots stand still: whatever was sent can't end, and whatever is refused is refused by now.
  return Promise.race([refused, settled().then(() => undefined)])
}

async function flip(
  world: RelayWorld,
  count: number,
  flips: { asked: number; refused: number; signed: number },
): Promise<void> {
  const random = new SeededRandom('relayer')
  const honest = honestBytes(world)
  const before = world.signed.length
  for (let asked = 0; asked < count; asked++) {
    const place = random.below(honest.length)
    const question = honest.with(place, (honest[place] ?? 0) ^ (1 << random.below(8)))
    flips.asked++
    if ((await refusal(raw(world, question))) !== undefined) flips.refused++
  }
  flips.signed = world.signed.length - before
}

async function carry(world: RelayWorld, place: number): Promise<number> {
  const question = world.honest(place, 1)
  const answer: Promise<RelayAnswer> = world.attacker.ask(protocols.relay, question, world.settlerKey)
  const carried = answer.then(
    () => 1,
    () => 0,
  )
  await settled()
  await world.slots(SLOTS)
  return carried
}

/** A claim, or the making of a token account: the two instructions there are for a relayer. */
function isClaim({ network }: RelayWorld, { instructions }: SendRequest): boolean {
  const { programId } = network.chain.at
  return instructions.every((one) => {
    const program = one.programId.toBase58()
    const claim = program === programId && readInstruction(claimForm, one) !== undefined
    return claim || program === ASSOCIATED_TOKEN_PROGRAM
  })
}

export const adversary: Adversary = {
  number: 21,
  name: 'relayer',
  about:
    'A relayer is asked to sign anything but the claim of who is owed it: it refuses, and signs nothing.',
  run,
}
