// Adversary 9: contributors that copy what others did. Rows travel in the open, so that a copier knows every commit the
// moment it is sent, and every output once it was delivered.
import { isSigned, RowsView, readBatch, SIGNATURE_BYTES, verifySignature } from '@piecework/protocol'
import {
  type Behaviour,
  type Contributor,
  type DealtTask,
  type Opening,
  TOY_KINDS,
  World,
} from '@piecework/testkit'
import { atLeast, atMost, type Measured } from '../bench/types.ts'
import type { Adversary, Size } from './types.ts'

const PLAYED: Readonly<Record<Size, { readonly worlds: number; readonly epochs: number }>> = {
  short: { worlds: 2, epochs: 12 },
  full: { worlds: 20, epochs: 40 },
}

const AUTHORS = 6
const PRICE = 1_000n
/** Enough for every value limit: copiers are trusted like anybody else. */
const TRUSTED = 1_000_000n
/** Leases, carried stints and judgements are over by then. */
const AFTERWARDS = 20
/** Where a batch's message has its node key. */
const NODE_KEY_AT: number = SIGNATURE_BYTES + 40

/** A row that somebody else has written, and what only they and their checkers know of it. */
interface Seen {
  readonly task: DealtTask
  readonly commit: Uint8Array
  readonly opening: Opening | undefined
}

function rowsOf(author: Contributor, epoch: number): Seen[] {
  const batches = author.sent.get(epoch)?.batches ?? []
  return batches.flatMap((batch) => {
    const view = new RowsView(batch.rows)
    return Array.from({ length: view.count }, (_, i) => {
      const { job, task, units, commit } = view.row(i)
      return { task: { job, task, units }, commit, opening: author.opening(epoch, batch, i) }
    })
  })
}

/** What a copier can look at. */
interface Sight {
  readonly all: (epoch: number) => readonly Seen[]
  readonly of: (task: DealtTask, epoch: number) => Seen | undefined
}

function sightOf(authors: () => readonly Contributor[]): Sight {
  const all = (epoch: number): Seen[] => authors().flatMap((author) => rowsOf(author, epoch))
  const of = (wanted: DealtTask, epoch: number): Seen | undefined =>
    all(epoch).find(({ task }) => task.job === wanted.job && task.task === wanted.task)
  return { all, of }
}

/** Each is a way to be paid for what others did. */
function copiers({ all, of }: Sight): Readonly<Record<string, Behaviour>> {
  const theirCommit: Behaviour['commit'] = (task, { epoch }) => of(task, epoch)?.commit
  const whereSeen = (dealt: readonly DealtTask[], epoch: number): DealtTask[] =>
    dealt.filter((task) => of(task, epoch) !== undefined)
  const nothing: Behaviour['output'] = (_, { random }) => random.bytes(32)
  return {
    'their commit for the same task, and nothing to show': {
      tasks: whereSeen,
      output: nothing,
      commit: theirCommit,
      delivers: () => false,
    },
    'their commit for the same task, and their opening once it can be seen': {
      tasks: whereSeen,
      output: nothing,
      commit: theirCommit,
      shows: (task, epoch) => of(task, epoch)?.opening,
    },
    'their rows as they stand': {
      tasks: (_, epoch) => all(epoch).map(({ task }) => task),
      commit: theirCommit,
      shows: (task, epoch) => of(task, epoch)?.opening,
    },
    'their outputs under an own commit, once they can be seen': lateCopier(all),
    'any commit of theirs, for tasks of its own': {
      output: nothing,
      commit: (_, { epoch }) => all(epoch)[0]?.commit,
      shows: (_, epoch) => all(epoch)[0]?.opening,
    },
  }
}

/**
 * Does again what others did in the epoch before, but for tasks that it was dealt as well: outputs of tasks that are
 * still out with somebody are shown to nobody.
 */
function lateCopier(all: Sight['all']): Behaviour {
  const own = new Set<string>()
  return {
    tasks: (dealt, epoch) => {
      for (const { job, task } of dealt) own.add(`${job}/${task}`)
      return all(epoch - 1).flatMap(({ task }) => (own.has(`${task.job}/${task.task}`) ? [] : [task]))
    },
  }
}

interface Outcome {
  readonly copied: number
  readonly paidToCopiers: bigint
  readonly honestRows: number
  readonly paidToAuthors: bigint
  readonly stolenAccepted: number
  readonly stolen: number
}

function play(name: string, epochs: number): Outcome {
  const authors = (): Contributor[] => world.contributors.slice(0, AUTHORS)
  const cast = [...Array.from({ length: AUTHORS }, () => ({})), ...Object.values(copiers(sightOf(authors)))]
  const world: World = new World({
    name,
    signs: true,
    contributors: cast.map((behaviour) => ({ behaviour, vouched: TRUSTED, capacity: 10 })),
  })
  const terms = { price: PRICE, verifierBps: 0, settleBps: 0, leaseEpochs: 1 }
  const jobs = [
    world.addJob({ ...terms, kind: TOY_KINDS.across, replicas: 3 }),
    world.addJob({ ...terms, replicas: 2 }),
    world.addJob(terms),
  ]
  for (let i = 0; i < epochs; i++) world.step()
  for (const job of jobs) world.closeJob(job)
  for (let i = 0; i < AFTERWARDS; i++) world.step()
  const copying = world.contributors.slice(AUTHORS)
  const stolen = copying.flatMap((copier) => authors().map((author) => signedByOther(author, copier)))
  return {
    copied: sum(copying, rowsSent),
    paidToCopiers: total(world, copying),
    honestRows: sum(authors(), rowsSent),
    paidToAuthors: total(world, authors()),
    stolenAccepted: stolen.filter(Boolean).length,
    stolen: stolen.length,
  }
}

/** Whether a batch of the author passes as the copier's own, with nothing changed but the node key. */
function signedByOther(author: Contributor, copier: Contributor): boolean {
  const batch = author.sent.get(0)?.batches[0]
  if (batch === undefined) throw new RangeError('the author has sent nothing')
  const bytes = batch.signed.slice()
  bytes.set(copier.key.publicKey, NODE_KEY_AT)
  return isSigned(readBatch(bytes), verifySignature)
}

function sum(list: readonly Contributor[], of: (one: Contributor) => number): number {
  return list.reduce((all, one) => all + of(one), 0)
}

function rowsSent({ sent }: Contributor): number {
  const batches = [...sent.values()].flatMap((one) => one.batches)
  return batches.reduce((count, { rowCount }) => count + rowCount, 0)
}

/** Released to their wallets, in their bonds, or held. */
function total({ state }: World, contributors: readonly Contributor[]): bigint {
  return contributors.reduce((all, { index = Number.NaN }) => {
    const node = state.nodes[index]
    if (node === undefined) return all
    const account = state.accounts[state.owners[node.owner]?.account ?? -1]
    return all + node.bond + node.held + (account?.released ?? 0n)
  }, 0n)
}

function run(size: Size): Measured {
  const { worlds, epochs } = PLAYED[size]
  const outcomes = Array.from({ length: worlds }, (_, i) => play(`copied work ${i}`, epochs))
  const all = (of: (one: Outcome) => number): number => outcomes.reduce((count, one) => count + of(one), 0)
  const honestRows = all((one) => one.honestRows)
  const paidRows = all(({ paidToAuthors }) => Number(paidToAuthors / PRICE))
  return {
    figures: {
      'rows copied': all((one) => one.copied),
      'ways to copy': Object.keys(copiers({ all: () => [], of: () => undefined })).length,
      'honest rows': honestRows,
      'batches sent as one’s own': all((one) => one.stolen),
    },
    bars: [
      atMost(
        'paid for copied work',
        all(({ paidToCopiers }) => Number(paidToCopiers)),
        0,
      ),
      atMost(
        'batches of others accepted as one’s own',
        all((one) => one.stolenAccepted),
        0,
      ),
      atLeast('share of honest rows paid', paidRows / honestRows, 1),
    ],
  }
}

export const adversary: Adversary = {
  number: 9,
  name: 'copied work',
  about: 'Contributors copy the commits, rows, batches and outputs of others; none of it may be paid.',
  run: async (size) => run(size),
}
