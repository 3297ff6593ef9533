// The lies: about time, about accounts, about what became of transactions, and answers that are none.
import { addressOf, encode, jobForm, networkForm } from '@piecework/chain'
import { type Json, type Lie, Never, Refusal, type Tell, type Told } from './liar.ts'
import { hashOf, network, programId } from './worlds.ts'

interface InContext {
  readonly context: { readonly slot: number }
  readonly value: Json
}

interface AccountJson {
  readonly owner: string
  readonly data: readonly [string, string]
}

const READS: ReadonlySet<string> = new Set(['getMultipleAccounts', 'getProgramAccounts'])
const IN_CONTEXT: ReadonlySet<string> = new Set([...READS, 'getSignatureStatuses', 'getLatestBlockhash'])

/** Tells another slot, with everything else as it is. */
function aboutSlot(change: (slot: number) => number): Tell {
  return ({ method, result }) => {
    if (method === 'getSlot' || method === 'getBlockHeight') return change(Number(result))
    if (!IN_CONTEXT.has(method)) return undefined
    const { context, value } = result as InContext
    return { context: { slot: change(context.slot) }, value }
  }
}

function aboutAccounts(change: (accounts: readonly (AccountJson | null)[]) => Json): Tell {
  return ({ method, result }) => {
    if (method !== 'getMultipleAccounts') return undefined
    const { context, value } = result as InContext
    return { context, value: change(value as readonly (AccountJson | null)[]) }
  }
}

/** Changes the network's own account. */
function aboutNetwork(change: (value: ReturnType<typeof networkForm.layout.read>) => object): Tell {
  return aboutAccounts((accounts) =>
    accounts.map((one) => {
      const bytes = Buffer.from(one?.data[0] ?? '', 'base64')
      if (one === null || bytes[0] !== networkForm.kind) return one
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      const value = networkForm.layout.read(view, 0)
      const changed = encode(networkForm.layout, { ...value, ...change(value) })
      return { ...one, data: [Buffer.from(changed).toString('base64'), 'base64'] }
    }),
  )
}

const forgedRoot = {
  epoch: 0,
  slot: 5,
  attestation: hashOf('forged'),
  accounts: { root: hashOf('forged'), count: 1, total: 1n },
  jobs: { root: hashOf('forged'), count: 1, total: 1n },
  slashes: { root: hashOf('forged'), count: 0, total: 0n },
}

/** A job that nobody made, in every detail as if somebody had. */
const forgedJob: Tell = async ({ method, result, truth }) => {
  if (method !== 'getProgramAccounts') return undefined
  const requester = addressOf(hashOf('requester'))
  const empty = jobForm.layout.read(new DataView(new ArrayBuffer(jobForm.layout.size)), 0)
  const job = { ...empty, kind: jobForm.kind, version: 1, network, requester }
  const data = [Buffer.from(encode(jobForm.layout, job)).toString('base64'), 'base64']
  const { context, value } = result as InContext
  const account = { owner: programId, lamports: 9, data }
  return { context, value: [...(value as Json[]), { pubkey: truth.chain.at.job(requester, 0n), account }] }
}

/** Everything is told of another chain, but for what would give it away at once. */
const ofFork: Tell = async ({ method, params, fork }) => {
  if (method === 'getGenesisHash' || method === 'sendTransaction') return undefined
  return (await fork.ask(method, params))['result']
}

const ofForkAsOfNow: Tell = async (told) => {
  const there = await ofFork(told)
  if (!READS.has(told.method)) return undefined
  return { context: (told.result as InContext).context, value: (there as InContext).value }
}

function status(changed: object): Tell {
  return ({ method, result, truth }) => {
    if (method !== 'getSignatureStatuses') return undefined
    const { context, value } = result as InContext
    const [honest] = value as (object | null)[]
    const made = { slot: truth.slot() - 1, confirmations: 1, err: null, confirmationStatus: 'confirmed' }
    return { context, value: [{ ...made, ...honest, ...changed }] }
  }
}

const confirmed = { confirmationStatus: 'confirmed', err: null }
const finalized = { confirmationStatus: 'finalized', err: null }
const failed = { ...confirmed, err: { InstructionError: [0, { Custom: 1050 }] } }

const noStatus: Tell = ({ method, result }) =>
  method === 'getSignatureStatuses' ? { ...(result as InContext), value: [null] } : undefined

const hiding: Tell = (told) =>
  told.method === 'getBlockHeight' ? Number(told.result) + 100_000 : noStatus(told)

const refusing: Tell = ({ method }) =>
  method === 'sendTransaction' ? new Refusal('AccountNotFound') : undefined

const forgedBlockhash: Tell = ({ method, result }) => {
  const { context } = (result ?? {}) as InContext
  if (method === 'isBlockhashValid') return { context, value: true }
  if (method !== 'getLatestBlockhash') return undefined
  return { context, value: { blockhash: addressOf(hashOf('blockhash')), lastValidBlockHeight: 1e9 } }
}

/** The first answer to each call, for ever. */
function frozen(): Tell {
  const first = new Map<string, Json>()
  return ({ method, params, result }) => {
    const call = JSON.stringify([method, params])
    if (!first.has(call)) first.set(call, result)
    return first.get(call)
  }
}

function instead(make: () => Json): Tell {
  return ({ method, count }) => (method === 'getGenesisHash' && count === 0 ? undefined : make())
}

const web = () =>
  new Response('<html><body>Welcome</body></html>', { headers: { 'content-type': 'text/html' } })

/** Some number, text or entry of an answer becomes another. */
export const mutation: Tell = ({ method, result, random }: Told) =>
  method === 'getGenesisHash' ? undefined : mutated(result, random)

function mutated(value: Json, random: () => number): Json {
  if (Array.isArray(value) && value.length > 0) {
    const place = Math.floor(random() * value.length)
    if (random() < 0.1) return value.toSpliced(place, 1)
    return value.with(place, mutated(value[place], random))
  }
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    const entries = Object.entries(value)
    const place = Math.floor(random() * entries.length)
    if (random() < 0.1) return Object.fromEntries(entries.toSpliced(place, 1))
    return Object.fromEntries(
      entries.map(([name, one], at) => [name, at === place ? mutated(one, random) : one]),
    )
  }
  return mutatedScalar(value, random)
}

function mutatedScalar(value: Json, random: () => number): Json {
  const others: Json[] = [null, true, -1, 0, 1, 2 ** 53, 'confirmed', 'finalized', '', [], {}, [null]]
  if (random() < 0.3) return others[Math.floor(random() * others.length)] ?? null
  if (typeof value === 'number') return value + Math.floor(random() * 1_000) - 500
  if (typeof value !== 'string' || value.length === 0) return value === null ? { err: null } : !value
  const at = Math.floor(random() * value.length)
  return `${value.slice(0, at)}${value[at] === 'B' ? 'C' : 'B'}${value.slice(at + 1)}`
}

/** Fresh ones: some remember what they were asked. */
export function lies(): readonly Lie[] {
  return [
    { name: 'slots ahead', tell: aboutSlot((slot) => slot + 1_000) },
    { name: 'slots far ahead', tell: aboutSlot((slot) => slot + 2 ** 40) },
    { name: 'slots behind', tell: aboutSlot((slot) => Math.max(0, slot - 1_000)) },
    { name: 'time stands still', tell: frozen() },
    {
      name: 'more stake',
      tell: aboutNetwork(({ totals }) => ({ totals: { ...totals, staked: totals.staked + 1n } })),
    },
    {
      name: 'forged final root',
      tell: aboutNetwork(({ roots }) => ({ lastFinal: 0, roots: roots.with(0, forgedRoot) })),
    },
    { name: 'another authority', tell: aboutNetwork(() => ({ authority: addressOf(hashOf('thief')) })) },
    { name: 'accounts swapped', tell: aboutAccounts((accounts) => accounts.toReversed()) },
    { name: 'accounts left out', tell: aboutAccounts((accounts) => accounts.slice(1)) },
    { name: 'no such accounts', tell: aboutAccounts((accounts) => accounts.map(() => null)) },
    {
      name: 'another owner',
      tell: aboutAccounts((all) => all.map((one) => one && { ...one, owner: network })),
    },
    {
      name: 'data cut short',
      tell: aboutAccounts((all) => all.map((one) => one && { ...one, data: shorter(one) })),
    },
    { name: 'a job that nobody made', tell: forgedJob },
    { name: 'another fork', tell: ofFork },
    { name: "another fork's accounts", tell: ofForkAsOfNow },
    { name: 'confirmed, and never sent', tell: status(confirmed), swallows: true },
    { name: 'final, and never sent', tell: status(finalized), swallows: true },
    { name: 'final, and only seen', tell: status(finalized) },
    { name: 'failed, and never sent', tell: status(failed), swallows: true },
    { name: 'failed, and landed', tell: status(failed) },
    { name: 'refused, and passed on', tell: refusing },
    { name: 'landed, and hidden', tell: noStatus },
    { name: 'landed, and hidden as expired', tell: hiding },
    { name: 'swallowed', tell: noStatus, swallows: true },
    { name: 'forged blockhash', tell: forgedBlockhash },
    { name: 'never answers', tell: instead(() => new Never()) },
    { name: 'a web page', tell: instead(web) },
    { name: 'half an answer', tell: instead(() => new Response('{"jsonrpc":"2.0","id":1,"resu')) },
    { name: 'another answer', tell: instead(() => Response.json({ jsonrpc: '2.0', id: -1, result: 1 })) },
    { name: 'nothing', tell: instead(() => new Response('')) },
    { name: 'a broken gateway', tell: instead(() => new Response('bad gateway', { status: 502 })) },
  ]
}

function shorter({ data }: AccountJson): Json {
  return [Buffer.from(data[0], 'base64').subarray(0, -8).toString('base64'), 'base64']
}
