// Adversary 24: a requester that pays itself, a bond laundered through one's own job, and one worker behind several
// accounts, who does the same work with them or copies one answer into all. Played with the real applyEpoch; gain is counted as in docs/decisions/040-how-gain-is-counted.md.
import { atMost, type Measured } from '../bench/types.ts'
import { type Copied, copyEveryWay, nameOf } from './self-dealing/copying.ts'
import { FEW, MANY, type Mean, splitLabels } from './self-dealing/labels.ts'
import { type Laundered, launderEveryWay } from './self-dealing/laundering.ts'
import { payOneselfEveryWay } from './self-dealing/own-job.ts'
import { PAYS, type Split, splitMany } from './self-dealing/splitting.ts'
import type { Adversary, Size } from './types.ts'

interface Scale {
  readonly ownJobEpochs: number
  /** Draw rate, in parts per million. */
  readonly rate: number
  readonly verifiers: number
  readonly launderers: number
  readonly splits: number
  readonly labels: number
  readonly copies: number
}

const SCALES: Readonly<Record<Size, Scale>> = {
  short: { ownJobEpochs: 2, rate: 200_000, verifiers: 20, launderers: 30, splits: 4, labels: 6, copies: 2 },
  full: {
    ownJobEpochs: 20,
    rate: 50_000,
    verifiers: 60,
    launderers: 200,
    splits: 300,
    labels: 150,
    copies: 12,
  },
}

/** As adversary 11 has it: a fifth of the price is the floor, and chance fits one in four. */
const FOR_NOTHING = 20
/** Two of three replicas decide: docs/decisions/221-one-person-behind-several-replicas.md. */
const RESIDUAL = 45
/** Added to a mean gain: what is not surely below nothing does not pass. */
const ERRORS = 2

function greatest(values: readonly bigint[]): number {
  return Math.max(...values.map(Number))
}

/** Of all that one account earns in these worlds, the part that several accounts don't get. */
function lostBySplitting(splits: readonly Split[]): number {
  const lost = splits.reduce((sum, { gain }) => sum - gain, 0n)
  return Number(lost) / Number(splits.reduce((sum, { whole }) => sum + whole, 0n))
}

function describe({ gain }: Laundered): string {
  return `gain ${gain.mean.toFixed(3)} ± ${gain.error.toFixed(3)}`
}

function perCent({ gain, error }: Mean): string {
  return `${(100 * gain).toFixed(1)} ± ${(100 * error).toFixed(1)}`
}

const percentOf = (part: number): string => `${(100 * part).toFixed(0)} %`

function describeCopy({ looks, saved, paid, right }: Copied): string {
  const looked = looks ? `${percentOf(saved)} not looked for, ` : ''
  return `${looked}an answer paid ${percentOf(paid)} of another's, ${percentOf(right)} of results right`
}

/** What an answer is paid that was made up once and copied, where known answers are opened: per cent of another's. */
function paidForNothing(copied: readonly Copied[], accounts: number, replicas: number): number {
  const found = copied.find(
    (one) => one.known && !one.looks && one.accounts === accounts && one.replicas === replicas,
  )
  return found === undefined ? Number.NaN : 100 * found.paid
}

/** Most that copying saved beyond what the draw of replicas lets it, in parts of all answers. */
function savedBeyondChance(copied: readonly Copied[]): number {
  return Math.max(...copied.map((one) => (one.looks ? one.saved - one.savedByChance : 0)))
}

async function run(size: Size): Promise<Measured> {
  const scale = SCALES[size]
  const selfPaid = payOneselfEveryWay(scale.ownJobEpochs)
  const laundered = launderEveryWay(scale)
  const splits = PAYS.map((pay) => ({ pay, of: splitMany(pay, scale.splits) }))
  const labels = await splitLabels(MANY, scale.labels)
  const meeting = await splitLabels(FEW, scale.labels)
  const copied = await copyEveryWay(scale.copies)
  const figures = [
    ['paying oneself: ways', selfPaid.length],
    ['paying oneself: least part of the charges that is lost', Math.min(...selfPaid.map(({ lost }) => lost))],
    ['paying oneself: greatest part', Math.max(...selfPaid.map(({ lost }) => lost))],
    ...laundered.map((one) => [`laundered bond: ${one.name}`, describe(one)]),
    ['splitting, labels by share: gain, per cent', perCent(labels)],
    ['the same where a third of the crowd is one person: gain, per cent', perCent(meeting)],
    ...copied.map((one) => [nameOf(one), describeCopy(one)]),
    ...splits.map(({ pay, of }) => [`splitting, ${pay}: part of the pay that is lost`, lostBySplitting(of)]),
  ]
  const gains = splits.flatMap(({ of }) => of.map(({ gain }) => gain))
  return {
    figures: Object.fromEntries(figures),
    bars: [
      atMost('money that paying oneself brings: best way', greatest(selfPaid.map(({ gain }) => gain)), 0),
      atMost(
        'gain of cheating with a laundered bond, plus 2 errors: best way',
        Math.max(...laundered.map(({ gain }) => gain.mean + ERRORS * gain.error)),
        0,
      ),
      atMost('money that splitting brings: best of all', greatest(gains), 0),
      atMost('gain of splitting labels by share, plus 2 errors', labels.gain + ERRORS * labels.error, 0),
      atMost(
        'looks saved by copying beyond what the draw of replicas lets it',
        savedBeyondChance(copied),
        0.03,
      ),
      atMost('made up by 2 accounts of 12, paid per cent', paidForNothing(copied, 2, 3), FOR_NOTHING),
      atMost('made up by a third, 5 replicas, paid per cent', paidForNothing(copied, 5, 5), FOR_NOTHING),
      atMost(
        'made up by a third, 3 replicas (residual), paid per cent',
        paidForNothing(copied, 5, 3),
        RESIDUAL,
      ),
    ],
  }
}

export const adversary: Adversary = {
  number: 24,
  name: 'self-dealing',
  about:
    'A requester pays itself, launders a bond through its own job, or works behind several accounts: it never gains.',
  run,
}
