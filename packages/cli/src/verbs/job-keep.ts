// job keep: opens the known answers of a job, epoch by epoch.
import { resolve } from 'node:path'
import {
  bytesOf,
  entriesOf,
  type FoundJob,
  type Network,
  paramsOf,
  readNetwork,
  SLOT_MS,
  startOf,
} from '@piecework/chain'
import { protocols } from '@piecework/network'
import { equalBytes, KNOWN_LAG } from '@piecework/protocol'
import { z } from 'zod'
import { stateOf } from '../common/chain.ts'
import { optionalText, text, wholeNumber } from '../common/input.ts'
import { installedKinds } from '../common/kinds.ts'
import { NETWORK_OPTION, placeOf } from '../common/place.ts'
import { type Verifiers, withVerifiers } from '../common/verifiers.ts'
import type { Context } from '../context.ts'
import { CliError, exitOf, sentenceOf } from '../errors.ts'
import { chargedOf } from '../job/charged.ts'
import { jobOf } from '../job/find.ts'
import { readJobFile } from '../job/job-file.ts'
import { Keeping, type Kept, type Said, type Seen, type Window } from '../job/keeping.ts'
import { KEEPER_FILE, type KnownFile } from '../job/known-file.ts'
import { defineVerb, type Verb } from '../verb.ts'

/** So often in an epoch. */
const LOOKS = 24
const LEAST_MS = 500
const MOST_MS = 5_000
/** Gossip takes some hops. */
const HELD_LOOKS = 10

export const keep: Verb = defineVerb({
  words: 'keep <job>',
  about:
    'open the known answers of a job, all of an epoch at once, until it is closed and nothing of it is out, or Ctrl-C',
  options: [NETWORK_OPTION, { flags: '--folder <folder>', about: 'of the job, as it was posted' }],
  examples: ['piecework job keep 0 --network pw1... --folder birds'],
  input: z.object({ job: wholeNumber, network: optionalText, folder: text }),
  async run(context, { job, network, folder }) {
    const kinds = await installedKinds()
    const file = await readJobFile(resolve(context.io.folder, folder), { kinds })
    const place = await placeOf(context, network)
    await withVerifiers(context, place, async (verifiers) => {
      const found = await jobOf(verifiers.chain, job)
      const { known } = file
      if (known === undefined) throw new CliError('usage', `The job in ${folder} names no known answers.`)
      if (!equalBytes(found.specHash, file.specHash)) {
        const why = `Job ${job} is not the one in ${folder}, or something there was changed since it was posted`
        throw new CliError(
          'usage',
          `${why}: the job, its known answers and ${KEEPER_FILE} have to be the same.`,
        )
      }
      await keepOn(context, verifiers, { found, known })
    })
  },
})

interface ToKeep {
  readonly found: FoundJob
  readonly known: KnownFile
}

async function keepOn(context: Context, verifiers: Verifiers, { found, known }: ToKeep): Promise<void> {
  const { chain } = verifiers
  const keeping = keepingOf(verifiers, { found, known })
  const { network } = await stateOf(chain)
  const everyMs = (paramsOf(network, network.nextSeal).length * SLOT_MS) / LOOKS
  const { time } = context.io.rpc
  context.note(`keeping ${known.answers.size} known answers of job ${found.index}`)
  for (let asked = -1; ; ) {
    try {
      const kept = await keeping.step()
      if (kept !== undefined) await tell(context, kept, () => isHeld(context, keeping, kept))
      // Once for each final epoch: nothing else makes a job done.
      if (keeping.lastFinal > asked && (await chargedOf(verifiers, found))?.leaf.done === true) return
      asked = keeping.lastFinal
    } catch (error) {
      if (exitOf(error) !== 'unreachable') throw error
      context.note(`${sentenceOf(error)} It is tried again.`)
    }
    await time.wait(Math.min(MOST_MS, Math.max(LEAST_MS, everyMs)))
  }
}

function keepingOf(verifiers: Verifiers, { found, known }: ToKeep): Keeping {
  const { chain, network } = verifiers
  return new Keeping({
    networkId: bytesOf(chain.at.network),
    job: found.index,
    known: new Set(known.answers.keys()),
    keeper: known.keeper,
    key: known.key,
    look: () => seenOn(verifiers),
    finished: (epoch) =>
      saidBy(verifiers, (peer) => network.ask(protocols.finished, { job: found.index, epoch }, peer)),
    publish: (bytes) => network.publish('known', bytes),
    holding: (hashes) =>
      saidBy(verifiers, async (peer) => {
        const { found: held } = await network.ask(protocols.data, { sort: 'known', hashes }, peer)
        return held.filter((one) => one !== undefined).length
      }),
  })
}

async function seenOn({ chain }: Verifiers): Promise<Seen> {
  const { slot, value } = await readNetwork(chain)
  const { network } = value
  const { lastFinal } = network
  const next = Array.from({ length: KNOWN_LAG }, (_, i) => windowOf(network, lastFinal + 1 + i))
  const isJudging = ({ epoch }: Window): boolean => epoch >= KNOWN_LAG
  return { slot: Math.max(slot, chain.clock.slot()), lastFinal, next: next.filter(isJudging) }
}

/** What comes before an epoch has begun for a verifier is lost: so not in its first moments. */
function windowOf(network: Network, epoch: number): Window {
  const begins = startOf(network, epoch) ?? Number.POSITIVE_INFINITY
  const ends = startOf(network, epoch + 1) ?? Number.POSITIVE_INFINITY
  const { length, grace } = paramsOf(network, epoch)
  return { epoch, from: begins + Math.ceil(length / 4), until: ends + grace }
}

/** Everybody in the roster; who does not answer says nothing, and counts all the same. */
async function saidBy<T>(
  { chain }: Verifiers,
  ask: (peer: Uint8Array) => Promise<T>,
): Promise<readonly Said<T>[]> {
  const entries = entriesOf((await stateOf(chain)).roster)
  const tried = await Promise.allSettled(entries.map(({ voteKey }) => ask(bytesOf(voteKey))))
  return entries.map(({ stake }, i) => {
    const one = tried[i]
    return { stake, answer: one?.status === 'fulfilled' ? one.value : undefined }
  })
}

async function isHeld({ io }: Context, keeping: Keeping, kept: Kept): Promise<boolean> {
  for (let looks = 0; looks < HELD_LOOKS; looks++) {
    if (await keeping.isHeld(kept)) return true
    await io.rpc.time.wait(LEAST_MS)
  }
  return false
}

async function tell(context: Context, kept: Kept, held: () => Promise<boolean>): Promise<void> {
  const { epoch, outcome, tasks, known, messages, bytes } = kept
  const what = `epoch ${epoch}: ${tasks} tasks are judged, ${known} of them known`
  if (outcome === 'opened') {
    const isHeldBy = await held()
    const by = isHeldBy ? 'verifiers hold them' : 'too few verifiers hold them yet'
    const sent = `${messages.length} message${messages.length === 1 ? '' : 's'} of ${bytes} bytes`
    context.print({ ...kept, held: isHeldBy }, [`${what}; all are opened in ${sent}, and ${by}`])
    return
  }
  const why =
    outcome === 'too-late' ? 'the epoch took nothing in any more' : 'they are more than an epoch has room for'
  context.print(kept, [`${what}; none is opened, because ${why}: they are judged by their answers alone`])
}
