// Accounts as values: each is checked to be the program's, of this network, and at the place its content names.
import { type ClaimPage, claimPageForm } from '../accounts/claim-page.ts'
import { type Dispute, disputeForm } from '../accounts/dispute.ts'
import { type Epoch, epochForm } from '../accounts/epoch.ts'
import { type AccountForm, decodeAccount, type Head, type RawAccount } from '../accounts/form.ts'
import { type Job, jobForm } from '../accounts/job.ts'
import { type Network, networkForm } from '../accounts/network.ts'
import { type Roster, rosterForm } from '../accounts/roster.ts'
import { type Verifier, verifierForm } from '../accounts/verifier.ts'
import type { Address } from '../address.ts'
import { type DisputePlace, type NetworkAddresses, networkAddress } from '../addresses.ts'
import { ChainError } from '../errors.ts'
import type { AsOf, Chain, Commitment } from '../port.ts'

/** An account that is asked for: where it is, and how its value says that it belongs there. */
export interface Wanted<T> {
  readonly address: Address
  readonly decode: (raw: RawAccount) => T
}

interface Belongs<T extends Head> {
  readonly at: NetworkAddresses
  readonly form: AccountForm<T>
  readonly address: Address
  /** The address that the value's own content gives. */
  readonly place: (value: T) => Address
}

function wanted<T extends Head>({ at, form, address, place }: Belongs<T>): Wanted<T> {
  const decode = (raw: RawAccount): T => {
    const value = decodeAccount(form, raw, at.programId)
    if (place(value) === address) return value
    const message = `The account at ${address} says that it belongs elsewhere: the endpoint gave another account, or the program is another one`
    throw new ChainError('account/not-ours', message, { address })
  }
  return { address, decode }
}

/** Where an account of this network belongs; one of another network belongs nowhere here. */
function inNetwork<T extends { readonly network: Address }>(
  { network }: NetworkAddresses,
  place: (value: T) => Address,
): (value: T) => Address {
  return (value) => (value.network === network ? place(value) : value.network)
}

export function wantNetwork(at: NetworkAddresses): Wanted<Network> {
  const place = (value: Network): Address => networkAddress(at.programId, value.creator, value.nameHash)
  return wanted({ at, form: networkForm, address: at.network, place })
}

export function wantRoster(at: NetworkAddresses): Wanted<Roster> {
  const place = inNetwork<Roster>(at, () => at.roster)
  return wanted({ at, form: rosterForm, address: at.roster, place })
}

/** The account that the epoch of this number uses: it may hold another of the same place. */
export function wantEpoch(at: NetworkAddresses, number: number): Wanted<Epoch> {
  const place = inNetwork<Epoch>(at, (value) => at.epoch(value.ring))
  return wanted({ at, form: epochForm, address: at.epoch(number), place })
}

export function wantVerifier(at: NetworkAddresses, id: number): Wanted<Verifier> {
  const place = inNetwork<Verifier>(at, (value) => at.verifier(value.id))
  return wanted({ at, form: verifierForm, address: at.verifier(id), place })
}

export function wantJob(at: NetworkAddresses, address: Address): Wanted<Job> {
  const place = inNetwork<Job>(at, (value) => at.job(value.requester, value.nonce))
  return wanted({ at, form: jobForm, address, place })
}

export function wantPage(at: NetworkAddresses, number: number): Wanted<ClaimPage> {
  const place = inNetwork<ClaimPage>(at, (value) => at.page(value.number))
  return wanted({ at, form: claimPageForm, address: at.page(number), place })
}

export function wantDispute(at: NetworkAddresses, dispute: DisputePlace): Wanted<Dispute> {
  const place = inNetwork<Dispute>(at, (value) => at.dispute(value))
  return wanted({ at, form: disputeForm, address: at.dispute(dispute), place })
}

type Values<W> = { readonly [Name in keyof W]: (W[Name] extends Wanted<infer T> ? T : never) | undefined }

/** All of them as of one slot; undefined where there is no such account. */
export async function read<W extends Readonly<Record<string, Wanted<unknown>>>>(
  chain: Chain,
  wants: W,
  commitment?: Commitment,
): Promise<AsOf<Values<W>>> {
  const entries = Object.entries(wants)
  const { slot, value } = await chain.accounts(
    entries.map(([, { address }]) => address),
    commitment,
  )
  const decoded = entries.map(([name, { decode }], place) => {
    const raw = value[place]
    return [name, raw === undefined ? undefined : decode(raw)]
  })
  // Each name has the value that its own `decode` gave.
  return { slot, value: Object.fromEntries(decoded) as Values<W> }
}

/** For accounts that must be there. */
export function present<T>(value: T | undefined, what: string, address: Address): T {
  if (value !== undefined) return value
  const message = `There is no ${what} at ${address}: check the program id, the network's address and which cluster this is`
  throw new ChainError('account/missing', message, { address })
}
