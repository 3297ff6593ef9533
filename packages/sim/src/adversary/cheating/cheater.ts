// A contributor that cheats by a plan, and keeps the books that its gain is counted from.
import { ROW_DRAWN, type Stint } from '@piecework/protocol'
import { type Behaviour, rightOutput, type SeededRandom } from '@piecework/testkit'

/** Whether to fake the row'th task of an epoch, which is worth so much. */
export type Choice = (row: number, value: bigint, random: SeededRandom) => boolean

/** What it does once a fake of its is drawn. Friends are verifiers that pass it. */
export type Reaction =
  /** Answers, whoever asks. */
  | 'answers'
  /** Answers nobody, and works on. */
  | 'silent'
  /** Hands its checkers another batch in place of the admitted one. */
  | 'swaps'
  /** Answers nobody, and leaves. */
  | 'leaves'
  /** Answers friends alone, and waits for what becomes of it. */
  | 'friends'
  /** As 'friends'; where they are too few, one of them denounces it, and shares the bounty with it. */
  | 'denounced'
  /** Its rows are admitted by a friend's inventory alone, and that friend no longer serves it. */
  | 'withheld'

export interface Plan {
  readonly fakes: Choice
  readonly reaction: Reaction
  /** Honest before; away from `until` on. */
  readonly from: number
  readonly until: number
  readonly isFriend: (verifierId: number) => boolean
  readonly worthOf: (job: number) => bigint
  readonly random: SeededRandom
  readonly postpones?: (epoch: number) => boolean
  readonly sendsTo?: (verifierId: number) => boolean
}

export interface Row {
  readonly job: number
  readonly task: number
  readonly value: bigint
}

export interface Day {
  readonly sent: Row[]
  readonly faked: Row[]
  /** Value of the rows that it really did. */
  worked: bigint
}

/** Costs nothing to make, and is never right. */
const FAKE_OUTPUT: Uint8Array = new Uint8Array(32)

export class Cheater {
  readonly behaviour: Behaviour
  /** By epoch, those in which it sent rows. */
  readonly days: Map<number, Day> = new Map()
  /** A stint of its is carried. */
  isWaiting = false
  /** It is barred: whatever it did would be worth nothing. */
  isBarred = false
  readonly #plan: Plan

  constructor(plan: Plan) {
    this.#plan = plan
    const answers: Behaviour['answers'] = ({ drawnFakes, verifierId }) =>
      drawnFakes === 0 || this.#answersCaught(verifierId)
    this.behaviour = {
      answers,
      works: (epoch) => epoch < plan.until && !this.isBarred && !(this.isWaiting && this.#stopsWhenCaught),
      output: ({ job, task }, { epoch }) => this.#output({ job, task, epoch }),
      swaps: ({ drawnFakes }) => plan.reaction === 'swaps' && drawnFakes > 0,
      ...(plan.postpones === undefined ? {} : { postpones: plan.postpones }),
      ...(plan.sendsTo === undefined ? {} : { sendsTo: plan.sendsTo }),
    }
  }

  get reaction(): Reaction {
    return this.#plan.reaction
  }

  get #stopsWhenCaught(): boolean {
    return this.reaction === 'leaves' || this.reaction === 'friends' || this.reaction === 'denounced'
  }

  #answersCaught(verifierId: number): boolean {
    switch (this.reaction) {
      case 'answers':
      case 'swaps':
        return true
      case 'silent':
      case 'leaves':
      case 'withheld':
        return false
      case 'friends':
      case 'denounced':
        return this.#plan.isFriend(verifierId)
    }
  }

  #output({ job, task, epoch }: { job: number; task: number; epoch: number }): Uint8Array {
    const day = this.days.get(epoch) ?? { sent: [], faked: [], worked: 0n }
    this.days.set(epoch, day)
    const { fakes, from, worthOf, random } = this.#plan
    const row = { job, task, value: worthOf(job) }
    const place = day.sent.push(row) - 1
    if (epoch >= from && fakes(place, row.value, random)) {
      day.faked.push(row)
      return FAKE_OUTPUT
    }
    day.worked += row.value
    return rightOutput(job, task)
  }

  rowsFor(job: number): number {
    let rows = 0
    for (const { sent } of this.days.values()) rows += sent.filter((row) => row.job === job).length
    return rows
  }

  /** Whether a row that it faked is drawn. */
  isFound({ epoch, table, start, end }: Stint): boolean {
    const faked = this.days.get(epoch)?.faked ?? []
    for (let i = start; i < end; i++) {
      if (((table.flags[i] ?? 0) & ROW_DRAWN) === 0) continue
      if (faked.some(({ job, task }) => job === table.jobs[i] && task === table.tasks[i])) return true
    }
    return false
  }

  /** What the rows are worth that it really did in these epochs. */
  workedIn(from: number, until: number): bigint {
    let sum = 0n
    for (const [epoch, { worked }] of this.days) if (epoch >= from && epoch < until) sum += worked
    return sum
  }
}
