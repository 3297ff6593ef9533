// Random operations on one network, by everybody at once, half of them with something wrong in them; after each that
// was accepted the promises about money are checked.
import { type Address, addressOfKey, TOKEN_PROGRAM } from '@piecework/chain'
import { SeededRandom } from '@piecework/testkit'
import type { TransactionInstruction } from '@solana/web3.js'
import { everybody, makeActors, tokenAccountsOf } from './actors.ts'
import { brokenQuickly, brokenThoroughly, type Watched } from './invariants.ts'
import { KnownJobs } from './jobs.ts'
import { MOVES } from './moves/moves.ts'
import type { Scene } from './moves/scene.ts'
import { type Around, mutated } from './mutations.ts'
import { ProgramNetwork } from './network.ts'
import { Settling } from './settling.ts'
import { type Receipt, Vm } from './vm.ts'

const VERIFIERS = 6
const STAKE = 1_000_000n
const FIRST_JOBS = 6
/** Pages that the accounts of a run can fill. */
const PAGES = 4
/** Chances of one operation. */
const STEP = 0.2
const WAIT = 0.05
const MUTATED = 0.45
const LONGEST_WAIT = 60
/** Operations between two looks at every account. */
const THOROUGH = 200

export interface RandomRun {
  readonly operations: number
  /** By what was tried. */
  readonly accepted: ReadonlyMap<string, number>
  readonly refused: number
  /** By their codes. */
  readonly refusals: ReadonlyMap<string, number>
  /** Of those with something wrong in them: what was still allowed. */
  readonly mutatedAccepted: number
  readonly mutatedRefused: number
  readonly finalRoots: number
  readonly lies: ReadonlyMap<string, number>
  readonly claimed: bigint
  /** The first promise that did not hold, and what broke it. */
  readonly broken: readonly string[]
}

export function randomRun(operations: number, seed: string): RandomRun {
  return new Runner(seed).run(operations)
}

/** Two runs as one. */
export function together(one: RandomRun, other: RandomRun): RandomRun {
  return {
    operations: one.operations + other.operations,
    accepted: summed(one.accepted, other.accepted),
    refused: one.refused + other.refused,
    refusals: summed(one.refusals, other.refusals),
    mutatedAccepted: one.mutatedAccepted + other.mutatedAccepted,
    mutatedRefused: one.mutatedRefused + other.mutatedRefused,
    finalRoots: one.finalRoots + other.finalRoots,
    lies: summed(one.lies, other.lies),
    claimed: one.claimed + other.claimed,
    broken: [...one.broken, ...other.broken],
  }
}

function summed(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): Map<string, number> {
  const names = new Set([...one.keys(), ...other.keys()])
  return new Map([...names].map((name) => [name, (one.get(name) ?? 0) + (other.get(name) ?? 0)]))
}

class Runner {
  readonly #random: SeededRandom
  readonly #scene: Scene
  readonly #around: Around
  readonly #watched: Watched
  readonly #accepted = new Map<string, number>()
  readonly #refusals = new Map<string, number>()
  #refused = 0
  #mutatedAccepted = 0
  #mutatedRefused = 0
  #broken: readonly string[] = []

  constructor(seed: string) {
    const vm = new Vm()
    const random = new SeededRandom(seed)
    const network = new ProgramNetwork(vm)
    const actors = makeActors(network)
    for (let i = 0; i < VERIFIERS; i++) network.join(STAKE + BigInt(i) * 100_000n)
    network.start()
    const jobs = new KnownJobs(network)
    const settling = new Settling(network, jobs, { actors, random })
    this.#random = random
    this.#scene = { network, actors, jobs, settling, random }
    this.#around = { random, pool: poolOf(this.#scene) }
    this.#watched = { network, actors, highest: settling.highest, pages: PAGES }
    while (jobs.byIndex.length < FIRST_JOBS)
      this.#try('create job', MOVES['create job']?.move(this.#scene) ?? [])
  }

  run(operations: number): RandomRun {
    for (let done = 0; done < operations && this.#broken.length === 0; done++) {
      this.#operate()
      if (done % THOROUGH === THOROUGH - 1) this.#check('everything', brokenThoroughly(this.#watched))
    }
    if (this.#broken.length === 0) this.#check('the end', brokenThoroughly(this.#watched))
    const { network, settling } = this.#scene
    return {
      operations,
      accepted: this.#accepted,
      refused: this.#refused,
      refusals: this.#refusals,
      mutatedAccepted: this.#mutatedAccepted,
      mutatedRefused: this.#mutatedRefused,
      finalRoots: settling.finalized,
      lies: settling.lies,
      claimed: network.state().totals.claimed,
      broken: this.#broken,
    }
  }

  #operate(): void {
    const { network, settling } = this.#scene
    if (this.#random.chance(WAIT)) network.vm.setSlot(network.vm.slot + this.#random.below(LONGEST_WAIT))
    const name = this.#someMove()
    const instructions = name === undefined ? [] : (MOVES[name]?.move(this.#scene) ?? [])
    if (name === undefined || instructions.length === 0) {
      for (const receipt of settling.step()) this.#note('step', receipt, [])
    } else if (this.#random.chance(MUTATED)) {
      this.#tryMutated(name, instructions)
    } else {
      this.#try(name, instructions)
    }
  }

  /** By their weights; none: an epoch goes on by a step. */
  #someMove(): string | undefined {
    if (this.#random.chance(STEP)) return undefined
    const moves = Object.entries(MOVES)
    let left = this.#random.below(moves.reduce((sum, [, { weight }]) => sum + weight, 0))
    return moves.find(([, { weight }]) => {
      left -= weight
      return left < 0
    })?.[0]
  }

  #try(name: string, instructions: readonly TransactionInstruction[]): void {
    this.#note(name, this.#scene.network.vm.send(instructions), instructions)
  }

  #tryMutated(name: string, instructions: readonly TransactionInstruction[]): void {
    const place = this.#random.below(instructions.length)
    const changed = instructions.map((one, at) => (at === place ? mutated(one, this.#around) : one))
    const receipt = this.#scene.network.vm.send(changed)
    if (receipt.refusal === undefined) this.#mutatedAccepted += 1
    else this.#mutatedRefused += 1
    this.#note(`${name}, mutated`, receipt, changed)
  }

  #note(name: string, receipt: Receipt, instructions: readonly TransactionInstruction[]): void {
    if (receipt.refusal !== undefined) {
      this.#refused += 1
      this.#refusals.set(receipt.refusal, (this.#refusals.get(receipt.refusal) ?? 0) + 1)
      return
    }
    this.#accepted.set(name, (this.#accepted.get(name) ?? 0) + 1)
    const { network, jobs } = this.#scene
    const keys = instructions.flatMap((one) => one.keys.filter(({ isWritable }) => isWritable))
    const written = keys.map(({ pubkey }) => addressOfKey(pubkey))
    jobs.look(written)
    if (written.includes(network.at.roster)) network.lookForVerifiers()
    this.#check(name, brokenQuickly(this.#watched))
  }

  #check(after: string, broken: readonly string[]): void {
    if (broken.length > 0) this.#broken = broken.map((sentence) => `after ${after}: ${sentence}`)
  }
}

/** What may stand in another's place: accounts of this network, of another one, of people, of programs. */
function poolOf({ network, actors }: Scene): readonly Address[] {
  const other = new ProgramNetwork(network.vm, { name: 2 })
  other.join(STAKE)
  const of = ({ at, mint }: ProgramNetwork): readonly Address[] => [
    at.network,
    at.roster,
    at.vault,
    at.stakeVault,
    mint,
    ...[0, 1, 2, 3].map((number) => at.epoch(number)),
    ...[0, 1].map((number) => at.page(number)),
    ...[0, 1, 2].map((id) => at.verifier(id)),
  ]
  const people = everybody(actors).map(({ address }) => address)
  const { programId } = network.vm
  return [...of(network), ...of(other), ...people, ...tokenAccountsOf(actors), programId, TOKEN_PROGRAM]
}
