// What every instruction must refuse: each of its accounts put in another's place.
import type { PublicKey } from '@solana/web3.js'
import type { AccountPlace } from '../../generate/idl.ts'
import { type Call, instructionOf } from './encode.ts'
import type { AccountBytes, World } from './world.ts'

/** The error that each case must end in, by its title. */
export type Verdicts = Readonly<Record<string, string>>
export type Others = {
  /** For accounts of this program: the same account of another network. */
  readonly foreign?: Readonly<Record<string, PublicKey>>
  /** For accounts of this program: one of the same network at other seeds, and the error it must meet. */
  readonly elsewhere?: Readonly<Record<string, readonly [PublicKey, string]>>
}

type Case = { readonly title: string; readonly expected: string; readonly run: () => string }

/** Enough for the rent of what is put at an address. */
const lamports = 100_000_000n

/** Runs every case that follows from the interface description, and what each ended in beside what it must. */
export function substitutions(
  world: World,
  call: Call,
  others: Others = {},
): { readonly expected: Verdicts; readonly actual: Verdicts } {
  const cases = instructionOf(call.name).accounts.flatMap((place) =>
    casesOf({ world, call, name: place.name }, place, others),
  )
  const rest = (call.rest ?? []).map((_, at) => ({
    title: `voter ${at} does not sign`,
    expected: 'NotSigner',
    run: () => world.refusal({ ...call, unsigned: [at] }),
  }))
  const all = [...cases, ...rest]
  return {
    expected: Object.fromEntries(all.map((one) => [one.title, one.expected])),
    actual: Object.fromEntries(all.map((one) => [one.title, one.run()])),
  }
}

/** One account of one call. */
type Target = { readonly world: World; readonly call: Call; readonly name: string }

function casesOf(target: Target, place: AccountPlace, others: Others): readonly Case[] {
  const { world, call, name } = target
  const given = call.accounts[name]
  if (place.address !== undefined) return [put(target, world.key(), ['another program', 'WrongProgram'])]
  if (given === undefined) return []
  const cases = [...rightsCases(target, place)]
  if (place.is !== undefined) cases.push(...stateCases(target, given))
  if (place.creates !== undefined) cases.push(...creationCases(target, given))
  const foreign = others.foreign?.[name]
  if (foreign !== undefined) cases.push(put(target, foreign, ['another network', 'WrongNetwork']))
  const elsewhere = others.elsewhere?.[name]
  if (elsewhere !== undefined) cases.push(put(target, elsewhere[0], ['other seeds', elsewhere[1]]))
  return cases
}

function rightsCases({ world, call, name }: Target, place: AccountPlace): readonly Case[] {
  const signs: Case = {
    title: `${name} does not sign`,
    expected: 'NotSigner',
    run: () => world.refusal({ ...call, unsigned: [name] }),
  }
  const writes: Case = {
    title: `${name} is not writable`,
    expected: 'NotWritable',
    run: () => world.refusal({ ...call, readonly: [name] }),
  }
  return [...(place.signer === true ? [signs] : []), ...(place.writable === true ? [writes] : [])]
}

/** An account that the instruction opens: its bytes under another owner, of another kind, version or length. */
function stateCases(target: Target, given: PublicKey): readonly Case[] {
  const { world } = target
  const real = world.account(given)
  const withByte = (at: number): AccountBytes => {
    const data = Uint8Array.from(real.data)
    data[at] = 99
    return { ...real, data }
  }
  const planted = (account: AccountBytes): PublicKey => {
    const key = world.key()
    world.setAccount(key, account)
    return key
  }
  const stranger = { ...real, owner: world.key() }
  return [
    put(target, planted(stranger), ['another owner', 'WrongOwner']),
    put(target, planted(withByte(0)), ['another kind', 'WrongKind']),
    put(target, planted(withByte(1)), ['another version', 'WrongVersion']),
    put(target, planted({ ...real, data: real.data.subarray(1) }), ['another length', 'WrongKind']),
  ]
}

/** An account that the instruction makes: at another address, there already, and with lamports from a stranger. */
function creationCases(target: Target, given: PublicKey): readonly Case[] {
  const { world, call, name } = target
  const before = world.account(given)
  const during = (account: AccountBytes): string => {
    world.setAccount(given, account)
    const outcome = world.refusal(call)
    world.setAccount(given, before)
    return outcome
  }
  const data = new Uint8Array(8)
  return [
    put(target, world.key(), ['other seeds', 'WrongAddress']),
    {
      title: `${name}: there already`,
      expected: 'AlreadyExists',
      run: () => during({ lamports, owner: world.programId, data }),
    },
    {
      title: `${name}: prefunded`,
      expected: 'accepted',
      run: () => during({ ...before, lamports: 1n }),
    },
  ]
}

function put(
  { world, call, name }: Target,
  key: PublicKey,
  [what, expected]: readonly [string, string],
): Case {
  return {
    title: `${name}: ${what}`,
    expected,
    run: () => world.refusal({ ...call, accounts: { ...call.accounts, [name]: key } }),
  }
}
