// job post, list, close, refund: a job's money.
import { resolve } from 'node:path'
import {
  associatedTokens,
  type Chain,
  closeJob,
  createJob,
  type FoundJob,
  read,
  readJobs,
  refundJob,
  wantJob,
} from '@piecework/chain'
import { readU64 } from '@piecework/protocol'
import { z } from 'zod'
import { decimalsOf, land, needTokens, signerOf, stateOf, withChain } from '../common/chain.ts'
import { flag, optionalText, text, wholeNumber } from '../common/input.ts'
import { installedKinds } from '../common/kinds.ts'
import { tokensOf } from '../common/money.ts'
import { until } from '../common/patience.ts'
import { NETWORK_OPTION, placeOf } from '../common/place.ts'
import { type Verifiers, withVerifiers } from '../common/verifiers.ts'
import { CliError } from '../errors.ts'
import { chargedOf } from '../job/charged.ts'
import { jobOf, stateOfJob } from '../job/find.ts'
import { readJobFile } from '../job/job-file.ts'
import { keeperMade } from '../job/keeper-key.ts'
import { skillsAsked } from '../job/required.ts'
import { termsOf } from '../job/terms.ts'
import { uploadJob } from '../job/upload.ts'
import { defineVerb, type Verb } from '../verb.ts'

const KEY_OPTION = { flags: '--key <file>', about: "the requester's key" } as const
/** Two epochs of the public preset. */
const PATIENCE_S = 600
const SECOND_MS = 1_000
const NONCE_BYTES = 8

export const post: Verb = defineVerb({
  words: 'post <folder>',
  about: 'pay the deposit, hand the job to the verifiers, and wait until it is open',
  options: [
    NETWORK_OPTION,
    KEY_OPTION,
    { flags: '--patience <seconds>', about: `how long it may take to open (${PATIENCE_S})` },
  ],
  examples: ['piecework job post docs/examples/align --network pw1... --key requester.json'],
  input: z.object({
    folder: text,
    network: optionalText,
    key: text,
    patience: wholeNumber.default(PATIENCE_S),
  }),
  async run(context, { folder, network, key, patience }) {
    const file = await readJobFile(resolve(context.io.folder, folder), {
      kinds: await installedKinds(),
      secretOf: keeperMade(context),
    })
    const place = await placeOf(context, network)
    const requester = await signerOf(context, key)
    await withVerifiers(context, place, async (verifiers) => {
      const { chain } = verifiers
      const { network: state } = await stateOf(chain)
      const { mint, params } = state
      for (const line of await skillsAsked(chain, file.spec, state)) context.note(line)
      const decimals = await decimalsOf(chain, mint)
      const money = (amount: bigint): string => tokensOf(amount, decimals)
      const { price, capPrice, deposit } = termsOf(file.pay, decimals, params)
      await needTokens(chain, { wallet: requester.address, mint, amount: deposit, decimalsText: money })
      // By chance, not by the time: two posts of one requester may come in the same millisecond.
      const nonce = readU64(context.io.randomBytes(NONCE_BYTES))
      const { rule, tasks, maxUnits, replicas, leaseEpochs } = file.pay
      const instruction = createJob(chain.at, {
        ...{ rule, tasks, maxUnits, replicas, leaseEpochs, price, capPrice, deposit, nonce },
        requester: requester.address,
        requesterTokens: associatedTokens(requester.address, mint).address,
        workKind: file.spec.kind.id,
        specHash: file.specHash,
        allowRoot: file.allowRoot,
      })
      await land(chain, { instructions: [instruction], payer: requester })
      const address = chain.at.job(requester.address, nonce)
      const { index } = await onChain(chain, address)
      context.note(
        `job ${index} is on chain, with a deposit of ${money(deposit)}: handing it to the verifiers`,
      )
      const openSlot = await uploadJob(context, verifiers, {
        job: address,
        file,
        patienceMs: patience * SECOND_MS,
      })
      context.print({ job: index, address, deposit: money(deposit), openSlot }, [
        `Job ${index} is open since slot ${openSlot}: ${file.spec.title}`,
        `Its results: piecework job results ${index} --out results.jsonl --follow`,
        ...(file.known === undefined
          ? []
          : [`Its known answers count while this runs: piecework job keep ${index} --folder ${folder}`]),
      ])
    })
  },
})

async function onChain(chain: Chain, address: FoundJob['address']): Promise<{ readonly index: number }> {
  const { value } = await read(chain, { job: wantJob(chain.at, address) })
  if (value.job === undefined)
    throw new CliError('notYet', `The job ${address} can't be read yet: see job list.`)
  return value.job
}

export const list: Verb = defineVerb({
  words: 'list',
  about: 'the jobs of a network, with what they pay',
  options: [NETWORK_OPTION],
  examples: ['piecework job list --network pw1...'],
  input: z.object({ network: optionalText }),
  async run(context, { network }) {
    const place = await placeOf(context, network)
    await withChain(context, place, async (chain) => {
      const { mint } = (await stateOf(chain)).network
      const decimals = await decimalsOf(chain, mint)
      const kinds = await installedKinds()
      const jobs = (await readJobs(chain)).value.map((job) => ({
        job: job.index,
        state: stateOfJob(job),
        kind: kinds.all.find(({ id }) => id === job.workKind)?.name ?? `kind ${job.workKind}`,
        tasks: job.tasks,
        price: tokensOf(job.price, decimals),
        deposit: tokensOf(job.deposit, decimals),
        requester: job.requester,
        specHash: job.specHash,
      }))
      const lines = jobs.map(
        (one) =>
          `job ${one.job}  ${one.state.padEnd(7)}  ${one.kind}  ${one.tasks} tasks, ${one.price} a unit, deposit ${one.deposit}`,
      )
      context.print(jobs, lines.length === 0 ? ['There are no jobs.'] : lines)
    })
  },
})

export const close: Verb = defineVerb({
  words: 'close <job>',
  about: 'stop dealing a job from the next epoch on; what is out with nodes is still paid',
  options: [NETWORK_OPTION, KEY_OPTION],
  examples: ['piecework job close 0 --network pw1... --key requester.json'],
  input: z.object({ job: wholeNumber, network: optionalText, key: text }),
  async run(context, { job, network, key }) {
    const place = await placeOf(context, network)
    const requester = await signerOf(context, key)
    await withChain(context, place, async (chain) => {
      const { nonce } = await jobOf(chain, job)
      const instructions = [closeJob(chain.at, { requester: requester.address, nonce })]
      const signature = await land(chain, { instructions, payer: requester })
      context.print({ job, signature }, [
        `Job ${job} is closed: when nothing of it is out any more, job refund gives the rest back.`,
      ])
    })
  },
})

export const refund: Verb = defineVerb({
  words: 'refund <job>',
  about: 'get back what a closed job did not spend',
  options: [
    NETWORK_OPTION,
    { flags: '--key <file>', about: 'who pays the fee; the money goes to the requester in any case' },
    { flags: '--wait', about: 'wait until nothing of it can be charged any more' },
  ],
  examples: ['piecework job refund 0 --network pw1... --key requester.json'],
  input: z.object({ job: wholeNumber, network: optionalText, key: text, wait: flag }),
  async run(context, { job, network, key, wait }) {
    const place = await placeOf(context, network)
    const payer = await signerOf(context, key)
    await withVerifiers(context, place, async (verifiers) => {
      const { chain } = verifiers
      const found = await jobOf(chain, job)
      const { mint } = (await stateOf(chain)).network
      const look = (): Promise<Done | undefined> => doneOf(verifiers, found)
      const patience = { ms: PATIENCE_S * SECOND_MS, what: 'Finishing the job' }
      const done = wait ? await until(context, patience, look) : await look()
      if (done === undefined) {
        throw new CliError(
          'notYet',
          `Job ${job} is not done: close it, and wait until what is out is decided (--wait).`,
        )
      }
      const { requester, nonce, deposit } = found
      const instructions = [refundJob(chain.at, { requester, nonce, mint, ...done })]
      const signature = await land(chain, { instructions, payer })
      const back = tokensOf(deposit - done.amount, await decimalsOf(chain, mint))
      context.print({ job, refunded: back, signature }, [`${back} tokens went back to ${requester}.`])
    })
  },
})

interface Done {
  readonly rootEpoch: number
  readonly amount: bigint
  readonly rest: Uint8Array
  readonly proof: readonly Uint8Array[]
}

async function doneOf(verifiers: Verifiers, job: FoundJob): Promise<Done | undefined> {
  const charged = await chargedOf(verifiers, job)
  if (charged?.leaf.done !== true) return undefined
  const { amount, rest, proof } = charged.leaf
  return { rootEpoch: charged.epoch, amount, rest, proof }
}
