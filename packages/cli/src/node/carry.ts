// Has a claim carried by a settler: the wallet needs neither SOL nor its secret here.
import { protocols, type RelayAnswer } from '@piecework/network'
import { claimedBy, type Owed } from '@piecework/node'
import { until } from '../common/patience.ts'
import type { Verifiers } from '../common/verifiers.ts'
import type { Context } from '../context.ts'
import { CliError, sentenceOf } from '../errors.ts'

/** Long enough for a transaction that has to be signed again. */
const LANDING_MS = 120_000

export interface Carrying {
  readonly wallet: Uint8Array
  readonly owed: Owed
}

export async function carryClaim(
  context: Context,
  verifiers: Verifiers,
  carrying: Carrying,
): Promise<RelayAnswer> {
  const { index, amount } = carrying.owed.leaf
  const answer = await askCarriers(verifiers, carrying)
  await until(context, { ms: LANDING_MS, what: 'Carrying the claim' }, async () => {
    return (await claimedBy(verifiers.chain, index)) >= amount ? true : undefined
  })
  return answer
}

async function askCarriers({ network }: Verifiers, { wallet, owed }: Carrying): Promise<RelayAnswer> {
  const carriers = network.peers().filter(({ answers }) => answers.includes(protocols.relay.name))
  let why = 'no settler is connected'
  for (const { key } of carriers) {
    try {
      return await network.ask(protocols.relay, { epoch: owed.epoch, wallet, leaf: owed.leaf }, key)
    } catch (error) {
      why = sentenceOf(error)
    }
  }
  throw new CliError('unreachable', `Nobody carries the claim now (${why}): try again in a while.`)
}
