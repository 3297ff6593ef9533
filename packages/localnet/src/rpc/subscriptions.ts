// What a WebSocket client can follow: each kind turns what happens on the chain into notices.
import { z } from 'zod'
import type { SlotOpened } from '../chain/chain.ts'
import type { Landed } from '../chain/history.ts'
import type { Meta } from '../chain/meta.ts'
import type { Commitment } from '../chain/slots.ts'
import { parse } from '../json.ts'
import type { Account } from '../vm/account.ts'
import { type Address, SYSTEM_PROGRAM } from '../vm/address.ts'
import { accountFields } from './account-json.ts'
import type { Backend } from './backend.ts'
import { showAccount } from './methods/accounts.ts'
import { accountFilter, filters } from './methods/programs.ts'
import { address, type ContextConfig, checked, configWith, signature } from './params.ts'

/** Transactions that reached a commitment in a slot, and the accounts that changed with them. */
export interface Reached {
  readonly commitment: Commitment
  readonly slot: number
  readonly landed: readonly Landed[]
  readonly changed: readonly Address[]
}

export interface Notice {
  readonly result: unknown
  /** The subscription ends with this one. */
  readonly last?: true
}

export interface Subscription {
  /** The method name that its notices carry. */
  readonly method: string
  /** What to tell right after subscribing. */
  readonly begin?: () => Notice[]
  /** Called for every commitment: a subscription picks its own. */
  readonly reached?: (reached: Reached) => Notice[]
  readonly opened?: (opened: SlotOpened) => Notice[]
}

type Subscribe = (backend: Backend, params: unknown) => Subscription

export const subscriptions: Readonly<Record<string, Subscribe>> = {
  accountSubscribe: subscribeAccount,
  programSubscribe: subscribeProgram,
  logsSubscribe: subscribeLogs,
  signatureSubscribe: subscribeSignature,
  slotSubscribe: () => ({
    method: 'slotNotification',
    opened: ({ slot, parent, root }) => [{ result: { slot, parent, root } }],
  }),
  rootSubscribe: () => ({
    method: 'rootNotification',
    opened: ({ finalized }) => finalized.map((slot) => ({ result: slot })),
  }),
}

function inSlot(slot: number, value: unknown): Notice {
  return { result: { context: { slot }, value } }
}

function wantedOf(config: ContextConfig | null | undefined): Commitment {
  return config?.commitment ?? 'finalized'
}

/** How a closed account is told. */
const GONE: Account = { lamports: 0n, data: new Uint8Array(), owner: SYSTEM_PROGRAM, executable: false }

function subscribeAccount(backend: Backend, params: unknown): Subscription {
  const [pubkey, config] = checked(z.tuple([address, configWith(accountFields)]), params)
  return {
    method: 'accountNotification',
    reached: ({ changed, slot, commitment }) => {
      if (commitment !== wantedOf(config) || !changed.includes(pubkey)) return []
      const account = backend.chain.accountAt(pubkey, slot) ?? GONE
      return [inSlot(slot, showAccount(account, { backend, view: { slot, commitment }, look: config }))]
    },
  }
}

function subscribeProgram(backend: Backend, params: unknown): Subscription {
  const shape = z.tuple([address, configWith({ ...accountFields, filters })])
  const [program, config] = checked(shape, params)
  const passes = accountFilter(config?.filters ?? [])
  return {
    method: 'programNotification',
    reached: ({ changed, slot, commitment }) => {
      if (commitment !== wantedOf(config)) return []
      return changed.flatMap((pubkey) => {
        const account = backend.chain.accountAt(pubkey, slot)
        if (account?.owner !== program || !passes(account)) return []
        const shown = showAccount(account, { backend, view: { slot, commitment }, look: config })
        return [inSlot(slot, { pubkey, account: shown })]
      })
    },
  }
}

function subscribeLogs(_backend: Backend, params: unknown): Subscription {
  const mentions = z.object({ mentions: z.array(address).length(1, 'Only 1 address supported') })
  const shape = z.tuple([z.union([z.enum(['all', 'allWithVotes']), mentions]), configWith({})])
  const [filter, config] = checked(shape, params)
  const mentioned = typeof filter === 'string' ? undefined : filter.mentions[0]
  return {
    method: 'logsNotification',
    reached: ({ landed, slot, commitment }) => {
      if (commitment !== wantedOf(config)) return []
      return landed
        .filter(({ addresses }) => mentioned === undefined || addresses.includes(mentioned))
        .map((one) => inSlot(slot, { signature: one.signature, err: one.error, logs: logsOf(one) }))
    },
  }
}

function logsOf(landed: Landed): readonly string[] {
  // Written by this very program, in this very form.
  return (parse(landed.meta) as Meta).logMessages
}

function subscribeSignature(backend: Backend, params: unknown): Subscription {
  const shape = z.tuple([signature, configWith({ enableReceivedNotification: z.boolean().nullish() })])
  const [wanted, config] = checked(shape, params)
  const commitment = wantedOf(config)
  const tell = ({ slot, error }: Landed, level: Commitment): Notice[] => {
    if (level === commitment) return [{ ...inSlot(slot, { err: error }), last: true }]
    return level === 'processed' && config?.enableReceivedNotification
      ? [inSlot(slot, 'receivedSignature')]
      : []
  }
  return {
    method: 'signatureNotification',
    begin: () => {
      const landed = backend.chain.history.get(wanted)
      if (landed === undefined) return []
      return tell(landed, landed.slot <= backend.chain.slots.at(commitment) ? commitment : 'processed')
    },
    reached: ({ landed, commitment: level }) =>
      landed.filter((one) => one.signature === wanted).flatMap((one) => tell(one, level)),
  }
}
