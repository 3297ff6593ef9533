// earnings, why, claim: what a contributor sees of its money.
import { addressOf, readJobs } from '@piecework/chain'
import { z } from 'zod'
import { decimalsOf, stateOf } from '../common/chain.ts'
import { text, wholeNumber } from '../common/input.ts'
import { installedKinds } from '../common/kinds.ts'
import { tokensOf } from '../common/money.ts'
import { type Verifiers, withVerifiers } from '../common/verifiers.ts'
import { CliError } from '../errors.ts'
import { jobsThatAsk } from '../job/required.ts'
import { defineVerb, type Noun, type Verb } from '../verb.ts'

/** libp2p takes a second to load: only for commands that need it. */
const load = () => import('../node/account.ts')

async function moneyOf({ chain }: Verifiers): Promise<(units: bigint) => string> {
  const decimals = await decimalsOf(chain, (await stateOf(chain)).network.mint)
  return (units) => tokensOf(units, decimals)
}

const FOLDER = text.default('node')

const show: Verb = defineVerb({
  words: 'show [folder]',
  about: 'what a node has earned, what waits and why, what can be spent',
  options: [],
  examples: ['piecework earnings show node'],
  input: z.object({ folder: FOLDER }),
  async run(context, { folder }) {
    const { accountOf, ownNode, wordOn } = await load()
    const { place, nodeKey, wallet } = await ownNode(context, folder)
    await withVerifiers(context, place, async (verifiers) => {
      const money = await moneyOf(verifiers)
      const word = await wordOn(verifiers, nodeKey)
      const { earned, claimed } = await accountOf(verifiers, wallet)
      const { bond = 0n, held = 0n, target = 0n, vouched = 0n } = word.standing ?? {}
      const epochs = word.results.map(({ checkers: _, ...one }) => one)
      const value = {
        wallet: addressOf(wallet),
        earned,
        claimed,
        spendable: earned - claimed,
        bond,
        held,
        target,
        vouched,
        settledEpoch: word.epoch,
        epochs,
      }
      context.print(value, [
        `claimable  ${money(earned - claimed)} (piecework claim now)`,
        `claimed    ${money(claimed)}`,
        `bond       ${money(bond)} of ${money(target)}${vouched > 0n ? `, and ${money(vouched)} vouched for` : ''}: it comes back when the node leaves`,
        `held back  ${money(held)}`,
        ...(word.standing === undefined
          ? [`not enrolled up to epoch ${word.epoch}: it enters with the next one`]
          : []),
        ...epochs.map(({ epoch, outcome, rows, paidRows, pay, reason }) => {
          const why = reason === '' ? '' : `: ${reason}`
          return `epoch ${epoch}  ${outcome}  ${paidRows} of ${rows} rows, ${money(pay)}${why}`
        }),
      ])
    })
  },
})

const why: Verb = defineVerb({
  words: '. [folder]',
  about: "why a node's epoch was or was not paid, from the verifiers' own records",
  options: [
    { flags: '--epoch <number>', about: 'which one; the newest that is decided, where it is left out' },
  ],
  examples: ['piecework why node --epoch 7'],
  input: z.object({ folder: FOLDER, epoch: wholeNumber.optional() }),
  async run(context, { folder, epoch: wanted }) {
    const { ownNode, STATUS_EPOCHS, wordOn } = await load()
    const { place, nodeKey } = await ownNode(context, folder)
    await withVerifiers(context, place, async (verifiers) => {
      const money = await moneyOf(verifiers)
      const { results, epoch: newest, standing } = await wordOn(verifiers, nodeKey)
      const epoch = wanted ?? newest
      if (epoch > newest) {
        throw new CliError(
          'notYet',
          `Epoch ${epoch} is not decided: verifiers have decided up to epoch ${newest}.`,
        )
      }
      const result = results.find((one) => one.epoch === epoch)
      const reason =
        newest < 0
          ? 'no epoch is decided yet'
          : standing === undefined
            ? 'this node was not enrolled'
            : epoch <= newest - STATUS_EPOCHS
              ? `verifiers tell of the newest ${STATUS_EPOCHS} epochs only`
              : 'verifiers admitted no work of this node in it'
      const closedTo = result === undefined && standing !== undefined ? await closedJobs(verifiers) : []
      context.print(result ?? { epoch, outcome: 'nothing', reason, closedTo }, [
        result === undefined
          ? `Epoch ${epoch}: ${reason}.`
          : `Epoch ${epoch}: ${result.outcome}, ${result.paidRows} of ${result.rows} rows, ${money(result.pay)} tokens.`,
        ...(result === undefined || result.reason === '' ? [] : [result.reason]),
        ...closedTo,
      ])
    })
  },
})

/** Why somebody may be dealt nothing although there are jobs. */
async function closedJobs(verifiers: Verifiers): Promise<readonly string[]> {
  const { value } = await readJobs(verifiers.chain)
  const kinds = await installedKinds()
  return jobsThatAsk(value, { kinds, content: (hash) => verifiers.content(hash) })
}

const now: Verb = defineVerb({
  words: 'now [folder]',
  about: 'bring what a node has earned to its wallet; a settler carries it, no SOL is needed',
  options: [],
  examples: ['piecework claim now node'],
  input: z.object({ folder: FOLDER }),
  async run(context, { folder }) {
    const { accountOf, ownNode } = await load()
    const { carryClaim } = await import('../node/carry.ts')
    const { place, wallet } = await ownNode(context, folder)
    await withVerifiers(context, place, async (verifiers) => {
      const money = await moneyOf(verifiers)
      const { owed, earned, claimed } = await accountOf(verifiers, wallet)
      if (owed === undefined || earned === claimed) {
        return context.print({ paid: 0n, fee: 0n }, [
          'There is nothing to claim: all that was released is in the wallet.',
        ])
      }
      const { paid, fee, signature } = await carryClaim(context, verifiers, { wallet, owed })
      context.print({ paid, fee, signature }, [
        `${money(paid)} tokens are in the wallet; carrying them cost ${money(fee)}.`,
      ])
    })
  },
})

const history: Verb = defineVerb({
  words: 'status [folder]',
  about: 'what was claimed of what was earned, by the newest final root',
  options: [],
  examples: ['piecework claim status node'],
  input: z.object({ folder: FOLDER }),
  async run(context, { folder }) {
    const { accountOf, ownNode } = await load()
    const { place, wallet } = await ownNode(context, folder)
    await withVerifiers(context, place, async (verifiers) => {
      const money = await moneyOf(verifiers)
      const { owed, earned, claimed } = await accountOf(verifiers, wallet)
      context.print({ account: owed?.leaf.index, epoch: owed?.epoch, earned, claimed }, [
        owed === undefined
          ? 'Nothing was released to this wallet yet.'
          : `${money(claimed)} of ${money(earned)} claimed, by the root of epoch ${owed.epoch}`,
      ])
    })
  },
})

export const earnings: Noun = { noun: 'earnings', about: 'what a node has earned', verbs: [show] }
export const whyNoun: Noun = { noun: 'why', about: 'why an epoch was or was not paid', verbs: [why] }
export const claim: Noun = { noun: 'claim', about: 'bring earnings to the wallet', verbs: [now, history] }
